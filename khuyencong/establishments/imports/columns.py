"""What the columns of the lists are called."""

from khuyencong.base.workbook import Column

COLUMNS = (
    Column(
        "name",
        (
            "Tên cơ sở",
            "Tên cơ sở công nghiệp nông thôn",
            "Tên cơ sở CNNT",
            "Tên cơ sở sản xuất",
            "Tên doanh nghiệp",
            "Tên đơn vị",
            "Tên công ty",
            "Tên hợp tác xã",
            "Tên tổ chức",
            "Cơ sở",
            "Doanh nghiệp",
            "Đơn vị",
        ),
        required=True,
        never=("thực hiện", "chủ trì", "quản lý", "phê duyệt", "công nhận"),
    ),
    Column("tax_code", ("Mã số thuế", "MST", "Mã số doanh nghiệp", "Mã số ĐKKD", "Mã số hộ kinh doanh")),
    Column(
        "legal_form",
        ("Loại hình", "Loại hình doanh nghiệp", "Loại hình tổ chức", "Hình thức tổ chức", "Loại hình cơ sở"),
    ),
    Column("registered_address", ("Địa chỉ đăng ký", "Địa chỉ trụ sở", "Trụ sở chính", "Trụ sở", "Địa chỉ ĐKKD")),
    Column(
        "address",
        (
            "Địa chỉ",
            "Địa chỉ sản xuất",
            "Nơi sản xuất",
            "Địa điểm sản xuất",
            "Địa điểm",
            "Thôn",
            "Thôn, buôn",
            "Số nhà, đường",
        ),
    ),
    Column("commune", ("Xã", "Xã, phường", "Xã/phường", "Phường, xã", "Xã, phường, thị trấn", "Tên xã", "Cấp xã")),
    Column("district", ("Huyện", "Quận, huyện", "Huyện, thị xã, thành phố", "Huyện/TX/TP", "Cấp huyện")),
    Column("province", ("Tỉnh", "Tỉnh, thành phố", "Tỉnh/TP", "Cấp tỉnh")),
    Column(
        "representative",
        (
            "Người đại diện",
            "Đại diện",
            "Chủ cơ sở",
            "Họ tên chủ cơ sở",
            "Chủ hộ",
            "Giám đốc",
            "Người đại diện pháp luật",
        ),
    ),
    Column("phone", ("Điện thoại", "Số điện thoại", "SĐT", "ĐT", "Điện thoại liên hệ", "Di động")),
    Column("product", ("Sản phẩm chính", "Sản phẩm", "Mặt hàng", "Sản phẩm chủ yếu", "Mặt hàng sản xuất")),
    Column("sector", ("Ngành nghề", "Lĩnh vực", "Ngành nghề sản xuất", "Ngành nghề sản xuất kinh doanh", "Ngành")),
    Column(
        "registered_on", ("Ngày đăng ký kinh doanh", "Ngày cấp", "Ngày thành lập", "Ngày cấp ĐKKD", "Năm thành lập")
    ),
    Column("women", ("Lao động nữ", "Trong đó nữ", "Nữ", "Số lao động nữ")),
    Column("workers", ("Lao động", "Số lao động", "Tổng số lao động", "Số lao động (người)")),
    Column("export", ("Xuất khẩu", "Kim ngạch xuất khẩu", "Giá trị xuất khẩu", "Doanh thu xuất khẩu")),
    Column("revenue", ("Doanh thu", "Tổng doanh thu", "Doanh thu năm")),
    Column("woman_owned", ("Phụ nữ làm chủ", "Nữ làm chủ", "Chủ cơ sở là nữ")),
    Column("minority_owned", ("Dân tộc thiểu số làm chủ", "Người dân tộc thiểu số làm chủ", "Chủ là người DTTS")),
)
PRODUCT_COLUMNS = (
    Column(
        "product", ("Tên sản phẩm", "Sản phẩm", "Sản phẩm, bộ sản phẩm", "Tên sản phẩm, bộ sản phẩm"), required=True
    ),
    Column(
        "name",
        (
            "Tên cơ sở",
            "Cơ sở",
            "Đơn vị",
            "Tên đơn vị",
            "Cơ sở sản xuất",
            "Chủ sản phẩm",
            "Tên cơ sở CNNT",
            "Doanh nghiệp",
        ),
        required=True,
    ),
    Column("tax_code", ("Mã số thuế", "MST")),
    Column("address", ("Địa chỉ", "Địa điểm", "Nơi sản xuất")),
    Column("commune", ("Xã", "Xã, phường", "Xã/phường", "Xã, phường, thị trấn")),
    Column("district", ("Huyện", "Quận, huyện", "Huyện, thị xã, thành phố")),
    Column("province", ("Tỉnh", "Tỉnh, thành phố")),
    Column("level", ("Cấp", "Cấp công nhận", "Cấp bình chọn")),
    Column("year", ("Năm", "Năm công nhận", "Năm bình chọn")),
    Column("decision", ("Quyết định", "Số quyết định", "Quyết định công nhận")),
    Column("decided_on", ("Ngày quyết định", "Ngày ký", "Ngày công nhận")),
    Column("valid_to", ("Có giá trị đến", "Giá trị đến", "Hiệu lực đến", "Hết hạn")),
    Column("group", ("Nhóm", "Nhóm sản phẩm")),
)
