//! Is this word an address that a page can be at?

use url::Url;

use super::refusal::Refusal;

/// The address of a page, http or https.
///
/// # Errors
///
/// One line that says what is wrong with it and, where it can be guessed, what was meant.
pub fn address(word: &str) -> Result<Url, Refusal> {
    let refuse = |why: String| Err(Refusal::Usage(format!("{word}: {why}")));
    if !word.contains("://") {
        let meant = format!("https://{}", word.trim_start_matches('/'));
        let is_host = |url: &Url| url.host_str().is_some_and(|host| host.contains('.'));
        return match Url::parse(&meant) {
            Ok(url) if is_host(&url) && !word.contains(char::is_whitespace) => refuse(format!("no address: did you mean {meant}?")),
            _ => refuse("no address: give one that begins with https:// or http://".to_owned()),
        };
    }
    match Url::parse(word) {
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            refuse(format!("pages are fetched by http and https only, not by {}", url.scheme()))
        }
        Ok(url) => Ok(url),
        Err(error) => refuse(format!("no address: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_no_address_is_told_so_and_what_was_meant() {
        for (word, told) in [
            ("not-a-url", "not-a-url: no address: give one that begins with https:// or http://"),
            ("", ": no address: give one that begins with https:// or http://"),
            ("a b.vn", "a b.vn: no address: give one that begins with https:// or http://"),
            ("baolaocai.vn/x", "baolaocai.vn/x: no address: did you mean https://baolaocai.vn/x?"),
            ("//baolaocai.vn", "//baolaocai.vn: no address: did you mean https://baolaocai.vn?"),
            ("baolaocai.vn:80/x", "baolaocai.vn:80/x: no address: did you mean https://baolaocai.vn:80/x?"),
            ("ftp://baolaocai.vn/x", "ftp://baolaocai.vn/x: pages are fetched by http and https only, not by ftp"),
            ("https://", "https://: no address: empty host"),
            ("https://a.vn:99999/", "https://a.vn:99999/: no address: invalid port number"),
        ] {
            assert_eq!(address(word).expect_err("it is refused").to_string(), told);
        }
    }

    #[test]
    fn an_address_of_a_page_is_taken() {
        for word in ["https://baolaocai.vn/tin-post1.html", "http://127.0.0.1:8080/a?b=c", "HTTPS://BaoLaoCai.vn"] {
            address(word).expect("an address");
        }
    }
}
