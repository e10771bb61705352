//! The WebAssembly entry. Every island of `app` is re-exported, so that the linker keeps it; `hydrate` prepares waking,
//! and the page's own script (`app/src/page.rs`) then wakes each island it finds.

pub use app::*;

/// Called once by the page's script before the islands are woken.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
