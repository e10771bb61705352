//! The server functions of the desk. Their access rules are in `routes.rs`.

use bank::cases::{DayBoard, QueueCounts};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// The current counts of the list.
#[server(endpoint = "queue_changes", input = Json)]
pub async fn queue_changes() -> Result<QueueCounts, ServerFnError> {
    host::changes().await
}

/// The day board of a branch; by default today's at the reader's own branch.
#[server(name = ReadDayBoard, endpoint = "day_board", input = Json)]
pub async fn day_board(branch: Option<String>, day: Option<String>) -> Result<DayBoard, ServerFnError> {
    host::board(branch, day).await
}

#[cfg(feature = "ssr")]
mod host {
    use bank::branches::reference;
    use bank::cases::{DayBoard, NoBoard, QueueCounts, board_place};
    use bank::sessions::{Caller, Permission};
    use http::StatusCode;
    use leptos::prelude::*;

    use crate::api::{failed, refused, request};

    pub(super) async fn changes() -> Result<QueueCounts, ServerFnError> {
        let (app, visit) = request()?;
        let Caller::Staff(staff) = &visit.caller else { return Err(refused(StatusCode::FORBIDDEN)) };
        let counts = bank::cases::queue_changes(&app.bank, &staff.scope(Permission::SeeCases)).await;
        counts.map_err(|failure| failed(&visit, &failure, "the queue could not be counted"))
    }
    pub(super) async fn board(branch: Option<String>, day: Option<String>) -> Result<DayBoard, ServerFnError> {
        let (app, visit) = request()?;
        let Caller::Staff(staff) = &visit.caller else { return Err(refused(StatusCode::FORBIDDEN)) };
        let unread = |failure| failed(&visit, &failure, "the day board could not be read");
        let reference = reference(&app.bank).await.map_err(unread)?;
        let place = board_place(&reference, staff, (branch.as_deref(), day.as_deref()), visit.now);
        let (branch, day) = place.map_err(|no_board| {
            refused(match no_board {
                NoBoard::Day => StatusCode::BAD_REQUEST,
                NoBoard::Branch => StatusCode::NOT_FOUND,
            })
        })?;
        let board = bank::cases::day_board(&app.bank, staff, &branch, day).await;
        board.map(DayBoard::from).map_err(unread)
    }
}
