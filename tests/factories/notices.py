import factory

from khuyencong.notices.models import Message
from tests.factories.people import UserFactory


class MessageFactory(factory.django.DjangoModelFactory):
    """One line in somebody's inbox; ``email=True`` for one waiting in the outbox."""

    class Meta:
        model = Message

    channel = "inbox"
    kind = "info"
    recipient = factory.SubFactory(UserFactory)
    subject = factory.Sequence(lambda n: f"Thông báo số {n}")
    body = "Nội dung thông báo."

    class Params:
        mail = factory.Trait(channel="email", email="nhan@example.vn")
