//! One bad request: a real address, form or call in which some parts are replaced by what no browser would send.

use super::pool::Pool;
use crate::support::dice::Dice;

pub struct Request {
    pub bytes: Vec<u8>,
    /// HTTP itself is broken, so that the connection may end without an answer.
    pub broken: bool,
}

/// Values that no field expects; `{long}` is as long as a body may be.
const VALUES: [&str; 58] = [
    "",
    " ",
    "\0",
    "a\0b",
    "\r\n",
    "\t",
    "\u{feff}",
    "\u{200b}",
    "\u{202e}x",
    "\u{fffd}",
    "\u{10ffff}",
    "👨‍👩‍👧‍👦",
    "ﷺ",
    "é",
    "e\u{301}",
    "0",
    "-0",
    "-1",
    "1e309",
    "NaN",
    "Infinity",
    "0x10",
    "00000000000000000000001",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "184467440737095516150",
    "1.5",
    "1,5",
    "٣",
    "一百万",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "10000-01-01",
    "-0001-01-01",
    "2026-11-25",
    "24:00",
    "25:61",
    "10:00:00",
    "true",
    "on",
    "null",
    "undefined",
    "'",
    "\"",
    "' OR 1=1 --",
    "%",
    "%00",
    "%ff%fe",
    "{}",
    "[]",
    "<script>",
    "../../etc/passwd",
    "/",
    "//other.example",
    "xxxxxxxxxxxxxxxxxxxxxxxxxx",
    "{long}",
];

/// Bytes of a value as no form encodes them.
const RAW: [&[u8]; 8] = [b"\xff", b"%ff", b"%C0%80", b"%ED%A0%80", b"%", b"%4", b"%zz", b"\xe4\xbd"];

/// Names of the portal's own hidden fields.
const HIDDEN: [&str; 14] =
    ["key", "version", "do", "seen", "step", "asked", "after", "offered", "shown", "made_for", "language", "to", "next", "from"];

const METHODS: [&str; 12] = [
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "PROPFIND",
    "get",
    "A-B",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
];

const TYPES: [&str; 9] = [
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=gbk",
    "application/json",
    "application/cbor",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/x-www-form-urlencoded, text/html",
    "",
    "\u{e9}",
];

/// Lines that HTTP permits and the portal does not expect.
const ODD_LINES: [&str; 19] = [
    "Accept: */*;q=x",
    "Accept: application/json",
    "Accept-Language: *",
    "Accept-Language: zh;q=9, en;q=-1, \u{e9}",
    "Accept-Encoding: br;q=0, *",
    "Cookie: =; ;;a=\"b",
    "Cookie: __Host-lobby=x; lobby=y; language=%ff; mode=elder; theme=\u{7f}",
    "Range: bytes=0-0,5-1,-",
    "If-None-Match: \"",
    "If-Modified-Since: yesterday",
    "Expect: 100-continue",
    "X-Forwarded-For: 1.1.1.1, \u{e9}, ::",
    "Forwarded: for=\"[",
    "X-HTTP-Method-Override: DELETE",
    "Upgrade: websocket",
    "Content-Encoding: gzip",
    "Origin: null",
    "Origin: http://other.example",
    "Sec-Fetch-Site: cross-site",
];

/// What makes HTTP itself broken.
const BROKEN: [&str; 13] = [
    "Host: b.example",
    "No colon",
    " folded: line",
    "Bad name: x",
    ": nothing",
    "Content-Length: 5",
    "Content-Length: -1",
    "Content-Length: 99999999999999999999",
    "Content-Length: 100000",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, identity",
    "Connection: upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: x",
    "X: \0",
];

/// The next request.
pub fn request(dice: &mut Dice, pool: &Pool, cookies: &[String]) -> Request {
    let function = dice.roll(8) == 0;
    let path = if function { (*dice.pick(&pool.functions)).to_owned() } else { address(dice, pool) };
    let method = match dice.roll(10) {
        0 => *dice.pick(&METHODS),
        1..5 if !function => "GET",
        _ => "POST",
    };
    let mut broken = false;
    let mut target = target(dice, pool, path).into_bytes();
    if dice.roll(60) == 0 {
        target.extend_from_slice(dice.pick::<&[u8]>(&[&b"\xff"[..], b" x", b"\t", b"#a", b"\0"]));
        broken = true;
    }
    let body = if method == "GET" && dice.roll(10) > 0 { Vec::new() } else { body(dice, pool, function) };
    let kind = match (dice.roll(6), function) {
        (0, _) => *dice.pick(&TYPES),
        (_, true) => TYPES[2],
        (_, false) => TYPES[0],
    };
    let mut lines = vec!["Connection: close".to_owned(), format!("Cookie: {}", dice.pick(cookies))];
    lines.extend((dice.roll(40) > 0).then(|| "Host: lobby.example".to_owned()));
    if !kind.is_empty() {
        lines.push(format!("Content-Type: {kind}"));
    }
    let chunked = !body.is_empty() && dice.roll(12) == 0;
    if chunked {
        lines.push("Transfer-Encoding: chunked".to_owned());
    } else if !body.is_empty() || method == "POST" {
        lines.push(format!("Content-Length: {}", body.len()));
    }
    for _ in 0..dice.roll(3) {
        lines.push((*dice.pick(&ODD_LINES)).to_owned());
    }
    match dice.roll(50) {
        0..3 => {
            let at = dice.roll(lines.len());
            lines.insert(at, (*dice.pick(&BROKEN)).to_owned());
            broken = true;
        }
        3 => {
            lines.extend((0..120).map(|number| format!("X-{number}: x")));
            broken = true;
        }
        4 => {
            lines.push(format!("X-Long: {}", "x".repeat(10_000 * (1 + dice.roll(8)))));
            broken = true;
        }
        _ => {}
    }
    let version = if dice.roll(80) == 0 {
        *dice.pick(&["HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "", "HTTPS/1.1"])
    } else {
        "HTTP/1.1"
    };
    broken |= version != "HTTP/1.1";
    let mut bytes = [method.as_bytes(), b" ", &target, b" ", version.as_bytes(), b"\r\n"].concat();
    for line in &lines {
        bytes.extend_from_slice(line.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    if chunked {
        for part in body.chunks(1 + dice.roll(5_000)) {
            bytes.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
            bytes.extend_from_slice(part);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"0\r\n\r\n");
    } else {
        bytes.extend_from_slice(&body);
    }
    if dice.roll(40) == 0 {
        bytes.truncate(1 + dice.roll(bytes.len()));
        broken = true;
    }
    Request { bytes, broken }
}

/// A route whose parameters are filled in, or an address from a page.
fn address(dice: &mut Dice, pool: &Pool) -> String {
    if dice.roll(2) == 0 {
        return dice.pick(&pool.addresses).clone();
    }
    let mut path = (*dice.pick(&pool.routes)).to_owned();
    while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
        let part = match dice.roll(2) {
            0 => escaped(&value(dice, pool)),
            _ => {
                let other = dice.pick(&pool.addresses).split('?').next().unwrap_or_default().to_owned();
                other.rsplit('/').next().unwrap_or_default().replace(['{', '}'], "")
            }
        };
        path.replace_range(from..=to, &part);
    }
    path
}

/// With a query, or spelled in an odd way.
fn target(dice: &mut Dice, pool: &Pool, path: String) -> String {
    match dice.roll(24) {
        0 => format!("http://lobby.example{path}"),
        1 => format!("{path}/"),
        2 => format!("/{path}"),
        3 => path.replace('/', "/./"),
        4 => format!("{path}/..%2f..%2f%2e%2e"),
        5 => format!("{path}%00"),
        6 => format!("{path}%ff%fe"),
        7 => format!("{path}?{}", "a=b&".repeat(dice.roll(3_000))),
        8 => "*".to_owned(),
        9..16 => {
            let joint = if path.contains('?') { '&' } else { '?' };
            let pairs: Vec<Vec<u8>> = (0..=dice.roll(4)).map(|_| pair(dice, pool, 200)).collect();
            // A target is made of visible ASCII.
            let query: String = pairs.join(&b'&').into_iter().filter(u8::is_ascii_graphic).map(char::from).collect();
            format!("{path}{joint}{query}")
        }
        _ => path,
    }
}

fn value(dice: &mut Dice, pool: &Pool) -> String {
    match dice.roll(4) {
        0 | 1 => (*dice.pick(&VALUES)).to_owned(),
        2 => dice.pick(&pool.values).clone(),
        _ => {
            let mut mixed: String = dice.pick(&pool.values).chars().take(20).collect();
            mixed.push_str(dice.pick::<&str>(&VALUES));
            mixed
        }
    }
}

fn escaped(value: &str) -> String {
    value
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// `name=value`; a long value has this many characters.
fn pair(dice: &mut Dice, pool: &Pool, long: usize) -> Vec<u8> {
    let name = match dice.roll(8) {
        0 => value(dice, pool),
        1..4 => (*dice.pick(&HIDDEN)).to_owned(),
        _ => dice.pick(&pool.names).clone(),
    };
    let mut bytes = escaped(&name).into_bytes();
    bytes.push(b'=');
    if dice.roll(12) == 0 {
        bytes.extend_from_slice(dice.pick::<&[u8]>(&RAW));
    } else {
        bytes.extend_from_slice(escaped(&value(dice, pool).replace("{long}", &"长".repeat(long / 3))).as_bytes());
    }
    bytes
}

fn body(dice: &mut Dice, pool: &Pool, function: bool) -> Vec<u8> {
    match dice.roll(if function { 2 } else { 20 }) {
        0 => odd_body(dice),
        _ if function => call(dice, pool),
        _ => {
            let long = 1_000 * (1 + dice.roll(30));
            let pairs: Vec<Vec<u8>> = (0..=dice.roll(30)).map(|_| pair(dice, pool, long)).collect();
            pairs.join(&b'&')
        }
    }
}

/// Arguments of a server function with values of other kinds.
fn call(dice: &mut Dice, pool: &Pool) -> Vec<u8> {
    let text = |dice: &mut Dice| serde_json::Value::String(value(dice, pool).replace("{long}", "x"));
    let mut arguments = serde_json::Map::new();
    for name in ["form", "key", "version", "pairs", "branch", "day", "amount", "notes", "case", "known", "account"] {
        let value = match dice.roll(10) {
            0 => continue,
            1 => serde_json::Value::Null,
            2 => serde_json::json!(-1),
            3 => serde_json::json!(i64::MAX),
            4 => serde_json::json!([[text(dice), text(dice)], [text(dice)]]),
            5 => serde_json::json!({ "a": [text(dice)] }),
            _ if name == "form" => {
                serde_json::json!(dice.pick(&["cash", "reception", "suggestions", "desk", "survey-needs-2026", "none"]))
            }
            _ if name == "version" => serde_json::json!(0),
            _ if name == "pairs" => {
                serde_json::json!([[dice.pick(&pool.names), text(dice)], [dice.pick(&pool.names), text(dice)]])
            }
            _ if name == "key" => serde_json::json!("x".repeat(26)),
            _ => text(dice),
        };
        arguments.insert(name.to_owned(), value);
    }
    serde_json::Value::Object(arguments).to_string().into_bytes()
}

fn odd_body(dice: &mut Dice) -> Vec<u8> {
    match dice.roll(9) {
        0 => vec![0xff; 1 + dice.roll(1_000)],
        1 => b"a".repeat(70_000 + dice.roll(100_000)),
        2 => b"a=b&".repeat(1 + dice.roll(16_000)),
        3 => b"[".repeat(1 + dice.roll(20_000)),
        4 => b"{\"form\":\"cash\",".to_vec(),
        5 => b"--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nvalue\r\n--x--\r\n".to_vec(),
        6 => b"\x1f\x8b\x08\0\0\0\0\0\0\xff".repeat(1 + dice.roll(100)),
        7 => b"&&&===&%&a&=b".to_vec(),
        _ => (0..=dice.roll(2_000)).map(|_| u8::try_from(dice.roll(256)).expect("a byte")).collect(),
    }
}
