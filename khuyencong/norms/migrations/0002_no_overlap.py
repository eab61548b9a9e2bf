"""Two rows of one key, level and province never hold on one day: the database refuses them, whoever writes."""

from django.db import migrations

KEYS = {
    "supportnorm": ("line_id",),
    "advancenorm": ("kind",),
    "placerule": ("code",),
    "holderrow": ("code",),
    "sectorrow": ("code",),
    "priorityrow": ("code",),
    "deadlinerow": ("code",),
    "approverrow": ("act",),
    "changeauthority": ("change", "form"),
    "grouprule": ("kind",),
    "selectionrule": ("kind",),
    "criterionrow": ("judged", "number"),
    "condition": ("code",),
    "groundrow": ("code",),
}


def _clash(vendor, keys):
    same = " AND ".join(f'o."{key}" = NEW."{key}"' for key in (*keys, "level"))
    province = "IS" if vendor == "sqlite" else "IS NOT DISTINCT FROM"
    return (
        f'o."id" <> NEW."id" AND {same} AND o."province_id" {province} NEW."province_id" '
        f'AND (o."valid_to" IS NULL OR o."valid_to" > NEW."valid_from") '
        f'AND (NEW."valid_to" IS NULL OR NEW."valid_to" > o."valid_from")'
    )


def add(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for name, keys in KEYS.items():
        table = f"norms_{name}"
        clash = f'EXISTS (SELECT 1 FROM "{table}" o WHERE {_clash(vendor, keys)})'  # noqa: S608 (names of our own)
        if vendor == "sqlite":
            for moment in ("INSERT", "UPDATE"):
                schema_editor.execute(
                    f'CREATE TRIGGER "{table}_no_overlap_{moment.lower()}" BEFORE {moment} ON "{table}" WHEN {clash} '
                    f"BEGIN SELECT RAISE(ABORT, '{table}: two rows hold on one day'); END"
                )
        else:
            schema_editor.execute(
                f'CREATE FUNCTION "{table}_no_overlap"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {clash} THEN '
                f"RAISE EXCEPTION '{table}: two rows hold on one day' USING ERRCODE = 'exclusion_violation'; "
                f"END IF; RETURN NEW; END $$"
            )
            schema_editor.execute(
                f'CREATE TRIGGER "{table}_no_overlap" BEFORE INSERT OR UPDATE ON "{table}" FOR EACH ROW '
                f'EXECUTE FUNCTION "{table}_no_overlap"()'
            )


def remove(apps, schema_editor):
    for name in KEYS:
        table = f"norms_{name}"
        if schema_editor.connection.vendor == "sqlite":
            for moment in ("insert", "update"):
                schema_editor.execute(f'DROP TRIGGER "{table}_no_overlap_{moment}"')
        else:
            schema_editor.execute(f'DROP TRIGGER "{table}_no_overlap" ON "{table}"')
            schema_editor.execute(f'DROP FUNCTION "{table}_no_overlap"()')


class Migration(migrations.Migration):
    dependencies = [("norms", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
