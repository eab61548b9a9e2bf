import factory

from khuyencong.audit.models import Event, Seal


class EventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Event

    actor_id = 1
    actor = "Nguyễn Thị Lan"
    action = "organisation.change"
    subject_type = "organisations.organisation"
    subject_id = factory.Sequence(lambda n: n + 1)
    subject = "Cơ sở Ngọc Tứ"
    folded = "nguyen thi lan co so ngoc tu"


class SealFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Seal

    position = factory.Sequence(lambda n: n + 1)
    digest = "0" * 64
