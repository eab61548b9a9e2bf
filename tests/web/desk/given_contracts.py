"""What several files of tests of the desk of contracts begin with."""

from django.urls import reverse


def url(name, project, *args):
    return reverse(f"contracts:{name}", args=[project.pk, *args])


def text_of(response):
    return " ".join(response.content.decode().split())


# a voucher list as it is pasted from Excel
LIST = "Ngày\tNội dung\tKý hiệu\tSố\tMST\tKCĐP\tĐối ứng\n25/06/2026\tMáy sấy\t1C26TTN\t118\t0100233488\t300000000\t320000000"


def signed(on, **more):
    """The fields of a paper signed on this day."""
    return {
        "number": f"{on.month}{on.day}/VB",
        "signed_on": f"{on:%d/%m/%Y}",
        "signer": "Lê Minh",
        "signer_title": "Giám đốc",
    } | more
