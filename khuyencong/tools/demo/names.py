"""Everything that is invented by hand.  No establishment, person or product here exists; a test holds the list to that."""

from dataclasses import dataclass
from random import Random

# Three-syllable stems of our own making: no company that we know of is called so.
STEMS = (
    "Vân Khê Mộc", "Lam Trà Giang", "Sương Lam Hạ", "Nắng Rẫy Xa", "Suối Đá Mơ", "Mây Ngàn Sớm", "Thạch Vĩ Lâm", "Hương Đồi Cũ",
    "Rừng Thu Vọng", "Bến Lá Xanh", "Gió Lưng Đèo", "Đất Ấm Chiều", "Hoa Rẫy Muộn", "Trăng Buôn Cổ", "Sóng Lúa Non", "Cỏ May Sớm",
    "Lửa Than Hồng", "Nhịp Chày Xưa", "Đá Ong Vàng", "Lá Dong Thơm", "Mưa Đầu Non", "Vàm Cát Trắng", "Thác Bạc Nhỏ", "Ghềnh Sương Tím",
    "Tre Làng Thượng", "Mít Nài Sâu", "Cau Hàng Đôi", "Chợ Phiên Sớm", "Ngõ Gạch Son", "Vườn Điều Xa", "Nương Chè Lộc", "Đồi Sim Tía",
    "Giếng Làng Hạ", "Cầu Khỉ Mới", "Sân Phơi Nắng", "Mùa Rươi Vàng", "Biển Lặng Chiều", "Cồn Gáo Xanh", "Rẫy Tiêu Son", "Bãi Dâu Non",
    "Khói Bếp Xa", "Ống Tre Xanh", "Chum Đất Nung", "Sợi Gai Mềm", "Nếp Than Thơm", "Mật Đồi Vàng", "Vị Rừng Già", "Bông Gòn Trắng",
    "Lối Rẫy Đỏ", "Hạt Nắng Tròn", "Tổ Yến Mơ", "Chân Mây Rộng", "Núi Vọng Âm", "Hồ Sen Vắng", "Lụa Tằm Biếc", "Đầu Nguồn Ấm",
    "Ngàn Thông Reo", "Sao Khuya Nhỏ", "Phên Nứa Mỏng", "Thung Lau Trắng", "Dốc Đỏ Dài", "Vạt Cà Tím", "Men Lá Rừng", "Gùi Nan Xưa",
    "Chiêng Buôn Hạ", "Ché Túc Nâu", "Nhà Dài Sớm", "Sông Nhỏ Lành", "Bờ Dâu Xa", "Mũi Thuyền Son", "Rạng Đông Rẫy", "Cát Vàng Mịn",
    "Trầm Hương Gió", "Hàng Dừa Nghiêng", "Vụ Mùa Ba", "Đồng Rộc Sâu", "Lưới Vó Chiều", "Muối Trắng Hòn", "Rêu Đá Biếc", "Thuyền Thúng Nhỏ",
    "Hẻm Nắng Vàng", "Trại Mộc Xưa", "Lò Rèn Hạ", "Xưởng Than Cũ", "Bễ Lửa Đêm", "Guốc Mộc Nâu", "Sập Gụ Cong", "Quạt Nan Tròn",
    "Nón Lá Bài", "Chiếu Cói Hoa", "Đèn Chai Cũ", "Cối Đá Xoay", "Cọn Nước Quay", "Ruộng Thang Mây", "Phố Núi Lạnh", "Hiên Nhà Gỗ",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trade:
    """What an invented establishment does: how it is named, what it makes, which machine it could be helped to buy."""

    name: str
    product: str
    machine: str
    sector: str
    vsic: str
    group: int
    price: int  # of the machine, in million đồng


TRADES = (
    Trade("rang xay cà phê", "Cà phê rang xay đóng gói", "Máy rang cà phê 60 kg/mẻ và máy phân loại màu", "a", "10770", 2, 640),
    Trade("chế biến hạt mắc ca", "Hạt mắc ca sấy nứt vỏ", "Hệ thống sấy và tách vỏ mắc ca", "a", "10309", 2, 520),
    Trade("sấy trái cây", "Mít, chuối sấy giòn", "Máy sấy chân không 300 kg/mẻ", "a", "10301", 2, 780),
    Trade("chế biến ca cao", "Sô-cô-la và bột ca cao", "Máy nghiền, ủ ca cao", "a", "10730", 2, 560),
    Trade("bún, bánh khô", "Bún khô, bánh tráng", "Dây chuyền tráng sấy bánh liên hoàn", "a", "10740", 2, 450),
    Trade("nước mắm", "Nước mắm truyền thống", "Hệ thống chiết rót và đóng nắp tự động", "a", "10204", 2, 480),
    Trade("hạt tiêu", "Tiêu sọ, tiêu xay", "Máy tách tạp chất và khử trùng hơi nước", "a", "10309", 2, 610),
    Trade("hạt điều", "Hạt điều rang muối", "Máy bắn màu phân loại nhân điều", "a", "10309", 2, 830),
    Trade("trà và dược liệu", "Trà túi lọc, cao dược liệu", "Máy đóng trà túi lọc và nồi chiết cao", "a", "10760", 2, 390),
    Trade("mộc dân dụng", "Bàn ghế, tủ gỗ", "Máy khắc CNC bốn đầu", "b", "31001", 4, 420),
    Trade("may gia công", "Quần áo, đồ bảo hộ", "Máy cắt vải tự động và máy may lập trình", "b", "14100", 4, 550),
    Trade("gạch không nung", "Gạch bê tông khí, gạch lát", "Dây chuyền ép gạch thuỷ lực", "c", "23950", 4, 960),
    Trade("phân hữu cơ vi sinh", "Phân hữu cơ vi sinh", "Máy ép viên và hệ thống trộn phân", "c", "20120", 4, 690),
    Trade("cơ khí nông nghiệp", "Máy xới, máy sấy cà phê", "Máy cắt laser sợi quang", "d", "28210", 3, 980),
    Trade("đúc, gia công kim loại", "Phụ tùng máy nông nghiệp", "Máy tiện CNC", "d", "25920", 3, 720),
    Trade("dệt thổ cẩm", "Vải và túi thổ cẩm", "Khung dệt cải tiến và máy se sợi", "đ", "13120", 1, 260),
    Trade("mây tre đan", "Giỏ, đèn mây tre", "Máy chẻ, vót nan và buồng sấy", "đ", "16292", 1, 280),
    Trade("gốm đất nung", "Gốm mỹ nghệ", "Lò nung gốm dùng khí", "đ", "23930", 1, 520),
)  # fmt: skip

# (family, middle and given), by people; every pair is put together by chance.
PEOPLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Kinh": (
        ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương"),
        ("Minh Khôi", "Thị Hạnh Nguyên", "Quốc Thuận", "Thanh Trúc", "Văn Lương", "Thị Mai Ly", "Hữu Phước", "Ngọc Diễm",
         "Đình Tuyến", "Thị Thu Sương", "Công Trứ", "Bảo Quyên", "Anh Tuệ", "Thị Kim Thoa", "Xuân Lãm", "Hoài Thương"),
    ),
    "Ede": (("Y Blăm", "Y Thân", "H'Nhiêm", "H'Bluên", "Y Djăn", "H'Lăm"), ("Niê", "Mlô", "Êban", "Kbuôr", "Ayŭn", "Byă")),
    "Chăm": (("Bá", "Đàng", "Kiều", "Quảng", "Lựu"), ("Thị Mưn", "Văn Thạo", "Thị Hải Nhi", "Xuân Trai", "Ngọc Dũng")),
    "Jrai": (("Ksor", "Rah Lan", "Siu", "Rơ Châm"), ("H'Yưn", "Thuêl", "Phit", "H'Biếc")),
    "K'Ho": (("K'", "Ka", "Cil"), ("Brều", "Nhim", "Mup", "Thoan")),
}  # fmt: skip
PEOPLES_OF = {"66": ("Kinh", "Ede", "Chăm"), "52": ("Kinh", "Jrai", "Chăm"), "68": ("Kinh", "K'Ho", "Chăm")}

HAMLETS = ("Thôn 1", "Thôn 3", "Thôn 5", "Buôn Ea Mdróh", "Buôn Kla", "Tổ dân phố 4", "Thôn Hoà Tây", "Thôn Phú Lộc")
TEACHERS = ("Cơ điện nông nghiệp", "Chế biến nông sản", "May công nghiệp")


def person(rng: Random, *, province: str = "") -> tuple[str, str]:
    """(family, rest) of an invented person, of one of the peoples who live in the province; most are Kinh."""
    peoples = PEOPLES_OF.get(province, ("Kinh",))
    families, rest = PEOPLES[peoples[0] if rng.random() < 0.6 else rng.choice(peoples)]
    return rng.choice(families), rng.choice(rest)


def full(name: tuple[str, str]) -> str:
    return f"{name[0]} {name[1]}" if not name[0].endswith("'") else f"{name[0]}{name[1]}"
