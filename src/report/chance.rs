//! How likely is it by chance that a sign comes so much less often?

use super::figures::Share;

/// How likely `now` shows a sign so seldom, or more so, if nothing has changed since `before`: Fisher's exact test, one-sided.
///
/// It knows the true share of neither; few pages on either side make it careful.
/// Source: R. A. Fisher, "On the Interpretation of χ² from Contingency Tables", 1922.
pub(super) fn of_fall(before: Share, now: Share) -> f64 {
    let (all, drawn, shown) = (before.of + now.of, now.of, before.shown + now.shown);
    let ln = LnFactorials::up_to(all);
    let whole = ln.choose(all, drawn);
    let fewest = drawn.saturating_sub(all - shown);
    (fewest..=now.shown).map(|hits| (ln.choose(shown, hits) + ln.choose(all - shown, drawn - hits) - whole).exp()).sum::<f64>().min(1.0)
}

/// ln 0!, ln 1!, …
struct LnFactorials(Vec<f64>);

impl LnFactorials {
    fn up_to(most: u32) -> Self {
        let mut sum = 0.0;
        let rest = (1..=most).map(|n| {
            sum += f64::from(n).ln();
            sum
        });
        Self(std::iter::once(0.0).chain(rest).collect())
    }

    /// ln of the ways to choose `k` of `n`; `k` is not more than `n`.
    fn choose(&self, n: u32, k: u32) -> f64 {
        let of = |n: u32| self.0[n as usize];
        of(n) - of(k) - of(n - k)
    }
}

/// The evidence that a share has come back from `low` to `usual`, page by page: the sum of log likelihood ratios, never below 0 (the
/// cumulative sum test; E. S. Page, "Continuous Inspection Schemes", 1954).
pub(super) fn evidence(so_far: f64, usual: Share, low: Share, now: Share) -> f64 {
    let (usual, low) = (smoothed(usual), smoothed(low));
    let shown = f64::from(now.shown) * (usual / low).ln();
    let lacked = f64::from(now.of - now.shown) * ((1.0 - usual) / (1.0 - low)).ln();
    (so_far + shown + lacked).max(0.0)
}

/// A share of which a page more would not change everything: never 0 and never 1.
fn smoothed(share: Share) -> f64 {
    (f64::from(share.shown) + 0.5) / (f64::from(share.of) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(shown: u32, of: u32) -> Share {
        Share { shown, of }
    }

    #[test]
    fn a_fall_is_as_likely_as_the_ways_to_draw_it() {
        // 0 of 5 after 20 of 20: one of the 53 130 ways to choose 5 of 25.
        let rows = [
            (share(20, 20), share(0, 5), 1.0 / 53_130.0),
            (share(20, 20), share(5, 5), 1.0),
            (share(10, 20), share(5, 10), 0.650_074_96),
            // The lady who tastes tea: 1 right of 4.
            (share(3, 4), share(1, 4), 17.0 / 70.0),
        ];
        for (before, now, expected) in rows {
            let got = of_fall(before, now);
            assert!((got - expected).abs() < 1e-6, "{before:?} {now:?}: {got}");
        }
    }

    #[test]
    fn evidence_grows_with_what_is_usual_and_never_falls_below_nothing() {
        let (usual, low) = (share(95, 100), share(0, 10));
        let well = evidence(0.0, usual, low, share(2, 2));
        assert!(well > 4.0, "{well}");
        assert!(evidence(well, usual, low, share(0, 3)) < 1e-9);
    }
}
