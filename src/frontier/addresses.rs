//! What happens to the rows of addresses when links are offered, handed out and settled?

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Fate, Key, Kind, Link, Settled, Settlement, Task, Validators, key, kind, schedule, time};
use crate::article::Miss;

/// Inserts what is new; how much that is.
pub(super) fn keep(db: &Connection, paper: i64, links: &[Link], now: i64) -> rusqlite::Result<usize> {
    let mut insert = db.prepare_cached(
        "INSERT OR IGNORE INTO addresses (key, url, paper, kind, newest, fate, tries, due, revision, first_seen, last_seen)
         VALUES (?1, ?2, ?3, ?4, ?5, 'queued', 0, ?6, 0, ?6, ?6)",
    )?;
    let mut seen = db.prepare_cached("UPDATE addresses SET last_seen = ?2 WHERE key = ?1")?;
    let mut new = 0;
    // In the order of the index, so that each of its pages is touched once.
    let mut in_order: Vec<(&Link, i64)> = links.iter().zip(0..).collect();
    in_order.sort_by_key(|(link, _)| link.key.0.cast_signed());
    for (link, place) in in_order {
        let bits = link.key.0.cast_signed();
        let newest = link.newest.map_or(now - place, Timestamp::as_second);
        if insert.execute(params![bits, link.url, paper, link.kind.rank(), newest, now])? > 0 {
            new += 1;
        } else {
            seen.execute([bits, now])?;
        }
    }
    Ok(new)
}

/// Forgets the oldest articles that wait untried and are not out, as many as are too many; how many that were.
pub(super) fn trim(db: &Connection, paper: i64, most: usize, out: &HashSet<Key>) -> rusqlite::Result<usize> {
    let waiting = "SELECT count(*) FROM addresses WHERE paper = ?1 AND kind = 0 AND due IS NOT NULL";
    let waiting: i64 = db.prepare_cached(waiting)?.query_row([paper], |row| row.get(0))?;
    let over = usize::try_from(waiting).unwrap_or(0).saturating_sub(most);
    if over == 0 {
        return Ok(0);
    }
    let mut ask = db.prepare_cached(
        "SELECT key FROM addresses WHERE paper = ?1 AND kind = 0 AND due IS NOT NULL AND fate = 'queued' ORDER BY newest",
    )?;
    let oldest = ask.query_map([paper], |row| key(row, 0))?.filter(|key| key.as_ref().map_or(true, |key| !out.contains(key)));
    let oldest: Vec<Key> = oldest.take(over).collect::<rusqlite::Result<_>>()?;
    let mut forget = db.prepare_cached("DELETE FROM addresses WHERE key = ?1")?;
    for key in &oldest {
        forget.execute([key.0.cast_signed()])?;
    }
    Ok(oldest.len())
}

pub(super) fn due(
    db: &Connection,
    paper: i64,
    now: i64,
    most: usize,
    between: (i64, i64),
    out: &HashSet<Key>,
) -> rusqlite::Result<Vec<Task>> {
    let mut ask = db.prepare_cached(
        "SELECT key, url, kind, tries, revision, etag, last_modified, content_hash, first_seen, newest FROM addresses INDEXED BY waiting
         WHERE paper = ?1 AND due IS NOT NULL AND due <= ?2 AND (kind <> 0 OR newest BETWEEN ?3 AND ?4) ORDER BY kind DESC, newest DESC",
    )?;
    let mut rows = ask.query([paper, now, between.0, between.1])?;
    let mut tasks = Vec::new();
    while tasks.len() < most {
        let Some(row) = rows.next()? else { break };
        let key = key(row, 0)?;
        if out.contains(&key) {
            continue;
        }
        tasks.push(Task {
            key,
            url: row.get(1)?,
            kind: kind(row, 2)?,
            tries: row.get(3)?,
            revision: row.get(4)?,
            etag: row.get(5)?,
            last_modified: row.get(6)?,
            content_hash: row.get(7)?,
            first_seen: time(row.get(8)?),
            newest: time(row.get(9)?),
        });
    }
    Ok(tasks)
}

/// What of an address counts when its next look is set.
struct Known {
    kind: Kind,
    tries: u32,
    revision: u32,
    published: Timestamp,
    first_seen: Timestamp,
    every: Duration,
    /// Whether the last look brought an answer without an article.
    brought_nothing: bool,
}

pub(super) fn settle(db: &Connection, settlement: &Settlement) -> rusqlite::Result<Settled> {
    let bits = settlement.key.0.cast_signed();
    let ask = "SELECT kind, tries, revision, coalesce(published, newest), every, first_seen, fate IN ('missed', 'gone')
               FROM addresses WHERE key = ?1";
    let read = |row: &Row<'_>| {
        let every: Option<u64> = row.get::<_, Option<i64>>(4)?.map(i64::cast_unsigned);
        Ok(Known {
            kind: kind(row, 0)?,
            tries: row.get(1)?,
            revision: row.get(2)?,
            published: settlement.published.unwrap_or(time(row.get(3)?)),
            first_seen: time(row.get(5)?),
            every: every.map_or(schedule::FIRST_VISIT, Duration::from_secs),
            brought_nothing: row.get(6)?,
        })
    };
    let Some(mut known) = db.prepare_cached(ask)?.query_row([bits], read).optional()? else { return Ok(Settled::Unknown) };
    if let Fate::Written { revision } = settlement.fate {
        if revision <= known.revision {
            return Ok(Settled::AlreadyWritten);
        }
        known.revision = revision;
    }
    let (fate, due) = look_after(&mut known, settlement, fastrand::f64());
    let (validators, keep) = match &settlement.validators {
        Some(given) => (given.clone(), false),
        None => (Validators::default(), true),
    };
    db.prepare_cached(
        "UPDATE addresses SET fate = ?2, detail = ?3, tries = ?4, due = ?5, revision = ?6, every = ?7,
             etag = iif(?8, etag, ?9), last_modified = iif(?8, last_modified, ?10),
             content_hash = coalesce(?11, content_hash), published = coalesce(?12, published)
         WHERE key = ?1",
    )?
    .execute(params![
        bits,
        fate.name(),
        fate.detail(),
        known.tries,
        due.map(Timestamp::as_second),
        known.revision,
        (known.kind != Kind::Article).then(|| known.every.as_secs().cast_signed()),
        keep,
        validators.etag,
        validators.last_modified,
        settlement.content_hash,
        settlement.published.map(Timestamp::as_second),
    ])?;
    Ok(Settled::Noted { fate, due })
}

/// The fate as it is noted, and when the next look is due. Tries and interval go on in `known`.
fn look_after(known: &mut Known, settlement: &Settlement, chance: f64) -> (Fate, Option<Timestamp>) {
    let now = settlement.at;
    let listing = known.kind != Kind::Article;
    let fate = settlement.fate.clone();
    let last = if listing { Some(schedule::visit_due(now, schedule::LONGEST_VISIT)) } else { None };
    match &fate {
        Fate::Queued => return (fate, Some(now)),
        Fate::Failed { name, temporary: true } => {
            known.tries = known.tries.saturating_add(1);
            return match schedule::retry(known.tries, chance) {
                Some(pause) => (fate, Some(schedule::later(now, pause))),
                None => (Fate::GivenUp { name: name.clone() }, last),
            };
        }
        Fate::Failed { name, temporary: false } if !listing && known.revision == 0 => {
            known.tries = 0;
            return match schedule::reconsider(known.first_seen, now) {
                Some(due) => (fate, Some(due)),
                None => (Fate::GivenUp { name: name.clone() }, None),
            };
        }
        _ => known.tries = 0,
    }
    let due = match &fate {
        Fate::Listed { .. } | Fate::Unchanged | Fate::Gone { .. } if known.kind == Kind::Archive => None,
        Fate::Listed { .. } | Fate::Unchanged if listing => {
            let brought = if let Fate::Listed { new } = fate { new } else { 0 };
            known.every = schedule::revisit(known.every, brought);
            Some(schedule::visit_due(now, known.every))
        }
        // The paper may not have finished it yet, or its server have hiccuped: an empty page, a guard's script, a page that is not there
        // yet. Twice is an answer, unless it is young. What was written and is gone is gone.
        Fate::Missed(Miss::NotHtml | Miss::NoTitle | Miss::NoBody | Miss::TooShort | Miss::NeedsJavascript)
        | Fate::Gone { status: 404 }
            if !listing && known.revision == 0 =>
        {
            let again = (!known.brought_nothing).then(|| schedule::later(now, schedule::SECOND_CHANCE));
            schedule::recheck(known.published, now).or(again)
        }
        Fate::Written { .. } | Fate::Unchanged => schedule::recheck(known.published, now),
        Fate::Missed(Miss::NoBody | Miss::TooShort) | Fate::Failed { temporary: false, .. } if !listing => {
            schedule::recheck(known.published, now)
        }
        Fate::Refused(_) if !listing => Some(schedule::later(now, schedule::RECONSIDER)),
        _ => last,
    };
    (fate, due)
}
