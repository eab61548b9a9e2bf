"""Every read of reports: published figures, the yearly report, the auditor's board."""
