//! A link as a QR code, to carry it to a phone.

use fast_qr::QRBuilder;

/// The empty modules that a code needs around itself (ISO/IEC 18004).
const QUIET: usize = 4;

/// A QR code as squares of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrCode {
    /// How many modules it has on a side, with the empty ones around it.
    pub size: usize,
    /// The dark modules, as the path of an SVG in which a module is one unit.
    pub path: String,
}

/// The code that says `text`; `None` where it is too long for one.
pub fn qr_code(text: &str) -> Option<QrCode> {
    let code = QRBuilder::new(text).build().ok()?;
    let mut path = String::new();
    for (y, row) in (0..code.size).map(|y| (y, &code[y])) {
        for (x, module) in row.iter().enumerate().take(code.size) {
            if module.value() {
                path.push_str(&format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET));
            }
        }
    }
    Some(QrCode { size: code.size + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_fit_and_what_is_too_long_does_not() {
        let code = qr_code(&format!("https://example.org/lanes/#r={}", "A".repeat(900))).unwrap();
        // The corner of the first finder pattern: seven dark modules in a row, and a light one.
        for x in 0..7 {
            assert!(code.path.contains(&format!("M{} {QUIET}h", QUIET + x)));
        }
        assert!(!code.path.contains(&format!("M{} {QUIET}h", QUIET + 7)));
        assert_eq!(code.size % 4, 1, "codes grow by four modules");
        assert_eq!(qr_code(&"A".repeat(5_000)), None);
    }
}
