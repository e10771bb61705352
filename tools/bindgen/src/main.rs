//! `bindgen WASM FOLDER`: writes the browser's glue for a compiled crate `hydrate` (`lobby.js`, `lobby_bg.wasm`) into a
//! folder. Run by scripts/assets.mjs.

use anyhow::bail;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [wasm, folder] = arguments.as_slice() else { bail!("usage: bindgen WASM FOLDER") };
    Bindgen::new().input_path(wasm).web(true)?.typescript(false).out_name("lobby").generate(folder)
}
