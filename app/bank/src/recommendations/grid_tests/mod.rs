//! Compares the gate with a decision table for every cell of a grid. The table is text, written from docs/domain.md §9
//! independently of the code: it refers to axis values by name and calls nothing of the gate.
//! [`main_grid`] and [`side_grid`] hold axes and tables; this file walks them. A test removes each rule in turn and requires
//! the comparison to fail.

mod main_grid;
mod side_grid;
mod table;

use super::facts::GateFacts;
use super::gate::{GateRules, Outcome, RULES, Rule, judge};
use super::inputs::CustomerInputs;
use super::model::Product;
use super::test_support::{a_customer, a_product, now};
use crate::soak;
use main_grid::MAIN;
use side_grid::SIDE;
use table::Grid;

/// A walk over a grid.
struct Walk<'a> {
    grid: &'a Grid,
    /// For each value of each axis a bit set of the table rows it allows.
    allows: Vec<Vec<u64>>,
    list: &'a [Rule],
    rules: GateRules,
    /// Also compare the refusing rule, not only whether the product is admitted.
    exact: bool,
    cells: u64,
    compared: u64,
    /// Compare one in this many cells, chosen pseudo-randomly by `dice`.
    one_in: u64,
    dice: u64,
}

impl<'a> Walk<'a> {
    fn new(grid: &'a Grid, list: &'a [Rule], exact: bool) -> Self {
        let bits = |axis: &str, label: &str| {
            let rows = grid.rows.iter().enumerate();
            rows.filter(|(_, row)| row.allows(axis, label)).fold(0, |bits, (place, _)| bits | 1 << place)
        };
        let axes = grid.axes().into_iter();
        Self {
            grid,
            allows: axes.map(|(axis, labels)| labels.iter().map(|label| bits(axis, label)).collect()).collect(),
            list,
            rules: GateRules::default(),
            exact,
            cells: 0,
            compared: 0,
            one_in: 1,
            dice: 0,
        }
    }

    /// Compares only one in `one_in` cells.
    fn sampled(self, one_in: u64, seed: u64) -> Self {
        Self { one_in, dice: seed, ..self }
    }

    fn is_chosen(&mut self) -> bool {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.dice >> 33).is_multiple_of(self.one_in)
    }

    /// Visits every cell that has this value on the first axis and differs from the first value on at most `changes` axes.
    /// Returns the first cell where gate and table disagree as error.
    fn run(&mut self, value: usize, changes: usize) -> Result<u64, String> {
        let mut facts = a_customer();
        let (label, set) = self.grid.customer[0].values[value];
        set(&mut facts);
        self.customers(1, self.allows[0][value], changes - usize::from(value > 0), &mut facts)
            .map_err(|cell| format!("{label}{cell}"))?;
        Ok(self.cells)
    }

    fn customers(&mut self, depth: usize, rows: u64, changes: usize, facts: &mut GateFacts) -> Result<(), String> {
        let Some(axis) = self.grid.customer.get(depth) else {
            let rules = self.rules.clone();
            let known = CustomerInputs::read(facts, &rules, now().day());
            return self.products(0, rows, changes, &known, &mut a_product());
        };
        let values = if changes == 0 { 1 } else { axis.values.len() };
        for (value, (label, set)) in axis.values.iter().enumerate().take(values) {
            set(facts);
            let rows = rows & self.allows[depth][value];
            self.customers(depth + 1, rows, changes - usize::from(value > 0), facts)
                .map_err(|cell| format!(" {}={label}{cell}", axis.name))?;
        }
        Ok(())
    }

    fn products(
        &mut self,
        depth: usize,
        rows: u64,
        changes: usize,
        known: &CustomerInputs,
        product: &mut Product,
    ) -> Result<(), String> {
        let Some(axis) = self.grid.product.get(depth) else {
            return self.compare(rows, known, product);
        };
        let values = if changes == 0 { 1 } else { axis.values.len() };
        for (value, (label, set)) in axis.values.iter().enumerate().take(values) {
            set(product);
            let rows = rows & self.allows[self.grid.customer.len() + depth][value];
            self.products(depth + 1, rows, changes - usize::from(value > 0), known, product)
                .map_err(|cell| format!(" {}={label}{cell}", axis.name))?;
        }
        Ok(())
    }

    fn compare(&mut self, rows: u64, known: &CustomerInputs, product: &Product) -> Result<(), String> {
        self.cells += 1;
        if self.one_in > 1 && !self.is_chosen() {
            return Ok(());
        }
        self.compared += 1;
        let expected = self.grid.rows.get(rows.trailing_zeros() as usize).map(|row| row.rule);
        let found = match judge(self.list, &known.inputs(product), &self.rules) {
            Outcome::Admitted => None,
            Outcome::Refused(rule) => Some(rule.code()),
        };
        if found == expected || (!self.exact && found.is_some() == expected.is_some()) {
            return Ok(());
        }
        Err(format!(": the table says {expected:?}, the gate {found:?}"))
    }
}

/// Walks a whole grid, one thread per value of its first axis, and compares all cells in a soak, otherwise a tenth. Returns
/// the number of cells and of compared cells.
fn walk_all(grid: &Grid) -> (u64, u64) {
    let (one_in, seed) = (10 / soak::rounds(10) as u64, soak::seed(20_261_126));
    let walk = |value: usize| {
        let mut walk = Walk::new(grid, &RULES, true).sampled(one_in, seed.wrapping_add(value as u64));
        walk.run(value, grid.axes().len()).expect("gate and table agree");
        (walk.cells, walk.compared)
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..grid.customer[0].values.len()).map(|value| scope.spawn(move || walk(value))).collect();
        let walked = threads.into_iter().map(|thread| thread.join().expect("a walk ends"));
        walked.fold((0, 0), |(cells, compared), walked| (cells + walked.0, compared + walked.1))
    })
}

/// Walks the cells close to the admitted one, which is enough to test each rule alone.
fn walk_near(grid: &Grid, list: &[Rule], exact: bool) -> Result<u64, String> {
    (0..grid.customer[0].values.len()).try_fold(0, |cells, value| Ok(cells + Walk::new(grid, list, exact).run(value, NEAR)?))
}

/// Maximum number of axes that differ from the admitted cell in [`walk_near`].
const NEAR: usize = 3;

#[test]
fn the_gate_agrees_with_the_table_all_over_the_main_grid() {
    let (cells, compared) = walk_all(&MAIN);
    let all: usize = MAIN.axes().iter().map(|(_, labels)| labels.len()).product();
    assert_eq!(cells, all as u64);
    assert!(cells > 10_000_000 && compared > 900_000, "{cells}, {compared} compared");
}

#[test]
fn the_gate_agrees_with_the_table_for_every_kind_and_limit() {
    let (cells, compared) = walk_all(&SIDE);
    assert!(cells > 1_000_000 && compared > 90_000, "{cells}, {compared} compared");
}

#[test]
fn deleting_any_single_rule_admits_what_the_table_refuses() {
    assert!(walk_near(&MAIN, &RULES, true).is_ok());
    assert!(walk_near(&SIDE, &RULES, true).is_ok());
    for deleted in RULES.map(|rule| rule.id) {
        let without: Vec<Rule> = RULES.into_iter().filter(|rule| rule.id != deleted).collect();
        let fails = |grid| walk_near(grid, &without, false).is_err_and(|cell| cell.ends_with("the gate None"));
        assert!(fails(&MAIN) || fails(&SIDE), "{} could be deleted unseen", deleted.code());
    }
}

#[test]
fn moving_any_rule_before_its_neighbour_names_another_refusal_somewhere() {
    for place in 1..RULES.len() {
        let mut moved = RULES;
        moved.swap(place - 1, place);
        let seen = walk_near(&MAIN, &moved, true).is_err() || walk_near(&SIDE, &moved, true).is_err();
        assert!(seen, "{} may stand before {}", moved[place - 1].id.code(), moved[place].id.code());
    }
}

#[test]
fn every_row_of_the_tables_names_an_axis_and_a_value_that_exist() {
    for grid in [&MAIN, &SIDE] {
        for (name, labels) in grid.rows.iter().flat_map(|row| row.when) {
            let axes = grid.axes();
            let (_, known) = axes.iter().find(|(axis, _)| axis == name).expect("an axis");
            assert!(labels.split(' ').all(|label| known.contains(&label)), "{name}={labels}");
        }
    }
}
