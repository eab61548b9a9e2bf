from django.db import migrations, models

from khuyencong.tools.folding import fold

NUMBER = [("id", models.BigAutoField(primary_key=True))]


def names(operations):
    return [(type(op).__name__, getattr(op, "model_name", None) or op.name) for op in operations]


def test_keys_indexes_and_constraints_go_into_the_model_and_targets_stand_first():
    key = models.ForeignKey("shop.owner", models.PROTECT)
    index = models.Index(fields=["owner"], name="item_owner")
    once = models.UniqueConstraint(fields=["owner"], name="item_once")

    folded = fold(
        [
            migrations.CreateModel("Item", list(NUMBER)),
            migrations.CreateModel("Owner", list(NUMBER)),
            migrations.AddField("Item", "owner", key),
            migrations.AddIndex("Item", index),
            migrations.AddConstraint("Item", once),
        ],
        "shop",
    )

    assert names(folded) == [("CreateModel", "Owner"), ("CreateModel", "Item")]
    assert folded[1].fields[-1] == ("owner", key)
    assert folded[1].options == {"indexes": [index], "constraints": [once]}


def test_a_circle_keeps_one_key_for_later():
    operations = [
        migrations.CreateModel("Head", list(NUMBER)),
        migrations.CreateModel("Version", [*NUMBER, ("head", models.ForeignKey("shop.head", models.PROTECT))]),
        migrations.AddField("Head", "current", models.ForeignKey("shop.version", models.PROTECT, null=True)),
    ]

    folded = fold(operations, "shop")

    assert names(folded) == [("CreateModel", "Head"), ("CreateModel", "Version"), ("AddField", "Head")]


def test_what_belongs_to_another_migration_is_left_alone():
    operations = [migrations.AddField("Elsewhere", "note", models.TextField())]

    assert fold(operations, "shop") == operations
