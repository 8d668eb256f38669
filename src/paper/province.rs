//! How are the provinces named, before and since 1 July 2025?

use super::nearest::nearest;

/// The 34 provinces and cities since 1 July 2025, each with the names of before that went into it (Resolution 202/2025/QH15; Huế
/// bore the name Thừa Thiên Huế until the end of 2024).
const PROVINCES: [(&str, &[&str]); 34] = [
    ("An Giang", &["An Giang", "Kiên Giang"]),
    ("Bắc Ninh", &["Bắc Ninh", "Bắc Giang"]),
    ("Cao Bằng", &["Cao Bằng"]),
    ("Cà Mau", &["Cà Mau", "Bạc Liêu"]),
    ("Cần Thơ", &["Cần Thơ", "Sóc Trăng", "Hậu Giang"]),
    ("Gia Lai", &["Gia Lai", "Bình Định"]),
    ("Huế", &["Huế", "Thừa Thiên Huế"]),
    ("Hà Nội", &["Hà Nội"]),
    ("Hà Tĩnh", &["Hà Tĩnh"]),
    ("Hưng Yên", &["Hưng Yên", "Thái Bình"]),
    ("Hải Phòng", &["Hải Phòng", "Hải Dương"]),
    ("Khánh Hòa", &["Khánh Hòa", "Ninh Thuận"]),
    ("Lai Châu", &["Lai Châu"]),
    ("Lào Cai", &["Lào Cai", "Yên Bái"]),
    ("Lâm Đồng", &["Lâm Đồng", "Đắk Nông", "Bình Thuận"]),
    ("Lạng Sơn", &["Lạng Sơn"]),
    ("Nghệ An", &["Nghệ An"]),
    ("Ninh Bình", &["Ninh Bình", "Nam Định", "Hà Nam"]),
    ("Phú Thọ", &["Phú Thọ", "Vĩnh Phúc", "Hòa Bình"]),
    ("Quảng Ngãi", &["Quảng Ngãi", "Kon Tum"]),
    ("Quảng Ninh", &["Quảng Ninh"]),
    ("Quảng Trị", &["Quảng Trị", "Quảng Bình"]),
    ("Sơn La", &["Sơn La"]),
    ("TP. Hồ Chí Minh", &["TP. Hồ Chí Minh", "Bình Dương", "Bà Rịa - Vũng Tàu"]),
    ("Thanh Hóa", &["Thanh Hóa"]),
    ("Thái Nguyên", &["Thái Nguyên", "Bắc Kạn"]),
    ("Tuyên Quang", &["Tuyên Quang", "Hà Giang"]),
    ("Tây Ninh", &["Tây Ninh", "Long An"]),
    ("Vĩnh Long", &["Vĩnh Long", "Bến Tre", "Trà Vinh"]),
    ("Điện Biên", &["Điện Biên"]),
    ("Đà Nẵng", &["Đà Nẵng", "Quảng Nam"]),
    ("Đắk Lắk", &["Đắk Lắk", "Phú Yên"]),
    ("Đồng Nai", &["Đồng Nai", "Bình Phước"]),
    ("Đồng Tháp", &["Đồng Tháp", "Tiền Giang"]),
];

/// Whether a name (NFC) is a province's of today; if not, what would be right.
pub(super) fn check_today(name: &str) -> Result<(), Option<String>> {
    if PROVINCES.iter().any(|(now, _)| *now == name) {
        return Ok(());
    }
    if let Some((now, _)) = PROVINCES.iter().find(|(_, before)| before.contains(&name)) {
        return Err(Some(format!("it went into \"{now}\": write that, and \"{name}\" under provinces_before")));
    }
    let near = nearest(name, PROVINCES.iter().map(|(now, _)| *now));
    Err(near.map(|near| format!("did you mean \"{near}\"?")))
}

/// Whether a name (NFC) is a province's of before 1 July 2025; if not, what would be right.
pub(super) fn check_before(name: &str) -> Result<(), Option<String>> {
    let known = || PROVINCES.iter().flat_map(|(_, before)| before.iter().copied());
    if known().any(|before| before == name) {
        return Ok(());
    }
    Err(nearest(name, known()).map(|near| format!("did you mean \"{near}\"?")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_three_provinces_became_thirty_four() {
        let before: usize = PROVINCES.iter().map(|(_, before)| before.len()).sum();
        assert_eq!(before, 63 + 1, "Huế stands under both of its names");
    }

    #[test]
    fn a_name_that_is_none_gets_the_nearest() {
        for (name, hint) in [
            ("Lao Cai", Some("did you mean \"Lào Cai\"?")),
            ("Khánh Hoà", Some("did you mean \"Khánh Hòa\"?")),
            ("Hồ Chí Minh", Some("did you mean \"TP. Hồ Chí Minh\"?")),
            ("Paris", None),
        ] {
            assert_eq!(check_today(name), Err(hint.map(str::to_owned)), "{name}");
        }
        assert_eq!(check_before("Bà Rịa – Vũng Tàu"), Err(Some("did you mean \"Bà Rịa - Vũng Tàu\"?".to_owned())));
        assert_eq!(check_before("Yên Bái"), Ok(()));
        assert_eq!(check_today("Đắk Lắk"), Ok(()));
    }
}
