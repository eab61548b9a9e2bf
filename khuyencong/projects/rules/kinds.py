"""The kinds of projects in the words of the norms, and their groups of activities."""

from khuyencong.norms.enums import ProjectKind as NormKind
from khuyencong.projects.enums import (
    ACTIVITY_OF,
    Kind,
)

# The same kinds in the words of the norms' rows.
NORM_KIND: dict[str, str] = {
    Kind.VOCATIONAL: NormKind.VOCATIONAL_TRAINING,
    Kind.MANAGEMENT_COURSE: NormKind.TRAINING_EVENT,
    Kind.STUDY_TOUR: NormKind.STUDY_VISIT,
    Kind.ENTERPRISE_SETUP: NormKind.ENTERPRISE_SETUP,
    Kind.DEMONSTRATION: NormKind.DEMONSTRATION,
    Kind.TECHNOLOGY_TRANSFER: NormKind.TECHNOLOGY_TRANSFER,
    Kind.MACHINERY: NormKind.MACHINERY,
    Kind.CLEANER_PRODUCTION: NormKind.CLEANER_ASSESSMENT,
    Kind.CLEANER_MODEL: NormKind.CLEANER_PILOT,
    Kind.AWARD_ROUND: NormKind.VOTING,
    Kind.FAIR_HELD: NormKind.FAIR,
    Kind.FAIR_JOINED: NormKind.FAIR_PARTICIPATION,
    Kind.FAIR_ABROAD: NormKind.FAIR,
    Kind.TRADEMARK: NormKind.BRAND,
    Kind.SHOWROOM: NormKind.SHOWROOM,
    Kind.CONSULTING: NormKind.CONSULTING,
    Kind.MEDIA: NormKind.MEDIA,
    Kind.ASSOCIATION: NormKind.ASSOCIATION,
    Kind.LINKAGE_CLUSTER: NormKind.ENTERPRISE_CLUSTER,
    Kind.CLUSTER_PLANNING: NormKind.CLUSTER_PLANNING,
    Kind.CLUSTER_INFRASTRUCTURE: NormKind.CLUSTER_INFRASTRUCTURE,
    Kind.POLLUTION_CLUSTER: NormKind.CLUSTER_POLLUTION,
    Kind.POLLUTION_ESTABLISHMENT: NormKind.ESTABLISHMENT_POLLUTION,
    Kind.RELOCATION_INTEREST: NormKind.LOAN_INTEREST,
    Kind.COOPERATION: NormKind.OTHER,
    Kind.CAPACITY: NormKind.OTHER,
}


def activity_of(kind: str) -> int:
    """The group of activities of NĐ 45/2012 Đ4 to which a kind of project belongs."""
    return int(ACTIVITY_OF[kind])
