"""By which words a row of a plan says what kind of project it is, in which state it ended, and who carries it out.

The tables are the whole truth: what no word of them names is not guessed, and a person is asked.  Words are written with
their accents ("máy" is a machine, "may" is sewing); text that was typed without any accent is compared without them.
"""

import re
from functools import cache

from khuyencong.base.text import fold, same_key
from khuyencong.norms.enums import ProjectKind
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.projects.enums import ProjectState

# The word that stands first in a title tells its kind; of those that begin together the longer one.
KIND_WORDS: tuple[tuple[ProjectKind, tuple[str, ...]], ...] = (
    (
        ProjectKind.VOCATIONAL_TRAINING,
        (
            "đào tạo nghề",
            "truyền nghề",
            "dạy nghề",
            "đào tạo lao động",
            "nâng cao tay nghề",
            "đào tạo, truyền nghề",
            "đào tạo công nhân",
        ),
    ),
    (ProjectKind.STUDY_VISIT, ("tham quan", "học tập kinh nghiệm", "khảo sát học tập", "trao đổi kinh nghiệm")),
    (
        ProjectKind.TRAINING_EVENT,
        (
            "tập huấn",
            "hội nghị",
            "hội thảo",
            "diễn đàn",
            "khởi sự",
            "khởi nghiệp",
            "đào tạo quản lý",
            "bồi dưỡng",
            "quản trị doanh nghiệp",
        ),
    ),
    (
        ProjectKind.CAPACITY,
        (
            "nâng cao năng lực quản lý và tổ chức",
            "nâng cao năng lực quản lý, tổ chức",
            "năng lực khuyến công",
            "cán bộ khuyến công",
            "cộng tác viên",
            "mạng lưới khuyến công",
            "tổ chức thực hiện hoạt động khuyến công",
            "trang thiết bị cho trung tâm",
            "trang thiết bị của trung tâm",
            "kiểm tra, giám sát",
            "quản lý chương trình",
            "chi phí quản lý",
            "xây dựng chương trình khuyến công",
        ),
    ),
    (ProjectKind.ENTERPRISE_SETUP, ("thành lập doanh nghiệp",)),
    (ProjectKind.CLEANER_PILOT, ("mô hình thí điểm", "mô hình sản xuất sạch", "mô hình áp dụng sản xuất sạch")),
    (
        ProjectKind.CLEANER_ASSESSMENT,
        ("sản xuất sạch hơn", "đánh giá nhanh sản xuất sạch", "đánh giá sản xuất sạch", "sxsh"),
    ),
    (
        ProjectKind.FAIR_ABROAD,
        (
            "hội chợ nước ngoài",
            "triển lãm nước ngoài",
            "hội chợ ngoài nước",
            "triển lãm ngoài nước",
            "tham gia hội chợ, triển lãm ngoài nước",
            "tham gia hội chợ, triển lãm ở nước ngoài",
            "tham gia hội chợ ở nước ngoài",
            "tham gia hội chợ ngoài nước",
        ),
    ),
    (
        ProjectKind.FAIR_PARTICIPATION,
        (
            "tham gia hội chợ",
            "tham gia triển lãm",
            "tham gia các hội chợ",
            "gian hàng tham gia",
            "gian hàng tại hội chợ",
            "thuê gian hàng",
            "tham gia kết nối",
        ),
    ),
    (
        ProjectKind.FAIR,
        ("tổ chức hội chợ", "tổ chức triển lãm", "tổ chức phiên chợ", "đăng cai hội chợ"),
    ),
    (ProjectKind.CONTEST, ("cuộc thi", "hội thi", "cuộc vận động")),
    (
        ProjectKind.VOTING,
        (
            "bình chọn",
            "sản phẩm công nghiệp nông thôn tiêu biểu",
            "sản phẩm cnnt tiêu biểu",
            "tôn vinh",
        ),
    ),
    (ProjectKind.BRAND, ("thương hiệu", "nhãn hiệu", "chỉ dẫn địa lý")),
    (
        ProjectKind.SHOWROOM,
        (
            "phòng trưng bày",
            "showroom",
            "trưng bày sản phẩm",
            "điểm trưng bày",
            "điểm giới thiệu",
            "giới thiệu sản phẩm",
            "điểm bán hàng",
        ),
    ),
    (
        ProjectKind.CONSULTING,
        ("tư vấn", "trợ giúp", "lập dự án đầu tư", "thiết kế mẫu mã", "thiết kế bao bì", "bao bì", "marketing"),
    ),
    (
        ProjectKind.MEDIA,
        (
            "truyền hình",
            "truyền thanh",
            "bản tin",
            "trang tin",
            "trang thông tin",
            "website",
            "tuyên truyền",
            "phóng sự",
            "ấn phẩm",
            "tờ rơi",
            "tờ gấp",
            "cơ sở dữ liệu",
            "chuyên mục",
            "chuyên đề",
            "thông tin đại chúng",
            "tạp chí",
            "báo chí",
            "cung cấp thông tin",
        ),
    ),
    (ProjectKind.ASSOCIATION, ("hiệp hội", "hội ngành nghề")),
    (ProjectKind.ENTERPRISE_CLUSTER, ("cụm liên kết", "liên doanh", "liên kết sản xuất", "mô hình liên kết")),
    (ProjectKind.CLUSTER_PLANNING, ("quy hoạch chi tiết", "quy hoạch cụm")),
    (
        ProjectKind.CLUSTER_INFRASTRUCTURE,
        ("hạ tầng cụm", "hạ tầng kỹ thuật", "đầu tư cụm công nghiệp", "kết cấu hạ tầng"),
    ),
    (
        ProjectKind.CLUSTER_POLLUTION,
        (
            "ô nhiễm môi trường tại cụm",
            "ô nhiễm môi trường cụm",
            "ô nhiễm tại cụm",
            "xử lý nước thải cụm",
            "xử lý nước thải tập trung",
        ),
    ),
    (
        ProjectKind.ESTABLISHMENT_POLLUTION,
        ("ô nhiễm", "xử lý nước thải", "xử lý khí thải", "xử lý chất thải", "xử lý bụi", "bảo vệ môi trường"),
    ),
    (ProjectKind.LOAN_INTEREST, ("lãi suất", "di dời")),
    (ProjectKind.COOPERATION, ("hợp tác quốc tế",)),
    (ProjectKind.TECHNOLOGY_TRANSFER, ("chuyển giao công nghệ", "tiếp nhận công nghệ")),
    (ProjectKind.DEMONSTRATION, ("mô hình trình diễn", "trình diễn kỹ thuật", "mô hình")),
    (
        ProjectKind.MACHINERY,
        (
            "ứng dụng máy móc",
            "máy móc",
            "thiết bị",
            "dây chuyền",
            "máy",
            "hệ thống sấy",
            "lò sấy",
            "hệ thống chế biến",
            "đổi mới công nghệ",
        ),
    ),
)
_NEED_ACCENTS = frozenset({"máy", "bao bì", "mô hình"})  # without accents these mean other things too

KIND_LABELS = {same_key(str(label)): ProjectKind(value) for value, label in ProjectKind.choices}

STATE_WORDS: tuple[tuple[ProjectState, tuple[str, ...]], ...] = (
    (ProjectState.WITHDRAWN, ("rút", "xin rút", "không thực hiện")),
    (ProjectState.STOPPED, ("ngừng", "dừng", "hủy", "đình chỉ", "chấm dứt")),
    (ProjectState.FAILED, ("không đạt", "không được duyệt", "không phê duyệt")),
    (
        ProjectState.LIQUIDATED,
        ("thanh lý", "hoàn thành", "đã xong", "kết thúc", "đạt", "đã thực hiện", "bàn giao", "đã giải ngân"),
    ),
    (ProjectState.SETTLED, ("quyết toán",)),
    (ProjectState.ACCEPTED, ("nghiệm thu",)),
)
STILL_RUNNING = ("đang thực hiện", "chưa hoàn thành", "chưa nghiệm thu", "chưa thanh lý", "chuyển tiếp", "dở dang")

# Whom a name speaks of, where it is no establishment; the first that matches.
BODY_WORDS: tuple[tuple[BodyKind, str], ...] = (
    (BodyKind.INSTITUTE, r"\bvien\b"),
    (BodyKind.SCHOOL, r"\b(truong|co so dao tao|trung tam (day nghe|gdnn|giao duc|dao tao))\b"),
    (BodyKind.UNION, r"\b(hoi|doan|lien minh|hiep hoi|mat tran)\b"),
    (BodyKind.OTHER_DEPARTMENT, r"\b(so|chi cuc|phong|ban|dai (phat thanh|truyen hinh)|bao)\b"),
    (BodyKind.OTHER, r"\b(ubnd|uy ban|trung tam)\b"),
)


@cache
def _patterns(folded: bool) -> tuple[tuple[ProjectKind, int, re.Pattern[str]], ...]:
    found = []
    for kind, words in KIND_WORDS:
        for word in words:
            if folded and word in _NEED_ACCENTS:
                continue
            plain = _plain(word, folded)
            found.append(
                (kind, len(plain), re.compile(rf"(?<![\w\u0300-\u036f]){re.escape(plain)}(?![\w\u0300-\u036f])"))
            )
    return tuple(found)


def _plain(text: str, folded: bool) -> str:
    return re.sub(r"[\s,;:()“”\"]+", " ", fold(text) if folded else same_key(text)).strip()


def kinds_in(text: str) -> list[ProjectKind]:
    """Every kind that a text names, in the order of its words, each once; none where no word of the table occurs."""
    folded = text.isascii()
    plain = _plain(text, folded)
    hits = []
    for kind, length, pattern in _patterns(folded):
        if match := pattern.search(plain):
            hits.append((match.start(), -length, match.end(), kind))
    hits.sort(key=lambda hit: hit[:2])
    found: list[ProjectKind] = []
    end = -1
    for start, _length, stop, kind in hits:
        if start < end:
            continue  # a word inside a longer one says nothing of its own
        end = stop
        if kind not in found:
            found.append(kind)
    return found


def kind_of(text: str) -> ProjectKind | None:
    """The kind of project that a title means; None where no word tells."""
    named = KIND_LABELS.get(same_key(text))
    if named is not None:
        return named
    found = kinds_in(text)
    return found[0] if found else None


def kind_of_heading(text: str) -> ProjectKind | None:
    """The kind that all rows under a heading have; None where the heading names several, or none."""
    found = kinds_in(text)
    return found[0] if len(found) == 1 else None


def is_running(text: str) -> bool:
    """Whether words say that a project is not over."""
    return _says(text, STILL_RUNNING)


def _says(text: str, phrases: tuple[str, ...]) -> bool:
    folded = text.isascii()
    plain = f" {_plain(text, folded)} "
    return any(f" {_plain(phrase, folded)} " in plain for phrase in phrases)


def state_of(text: str) -> ProjectState | None:
    """The final state that words mean; None where they name no end."""
    if is_running(text):
        return None
    return next((state for state, phrases in STATE_WORDS if _says(text, phrases)), None)


def body_kind_of(name: str) -> BodyKind:
    """What kind of body a name speaks of, where it is no establishment."""
    plain = fold(name)
    return next((kind for kind, pattern in BODY_WORDS if re.search(pattern, plain)), BodyKind.OTHER)
