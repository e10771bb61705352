//! What whoever collects the cash brings (docs/domain.md §3.1).

/// One thing to bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bring {
    /// The customer's own identity document.
    OwnDocument,
    /// The documents of the customer and of the agent.
    BothDocuments,
    /// The document of the company's operator.
    OperatorDocument,
    /// The card or passbook of the account.
    CardOrPassbook,
    /// The company's seals on file and a cash cheque.
    SealsAndCheque,
}

/// What is brought for a booking of a person or a company, collected by the customer or by an agent.
pub const fn to_bring(company: bool, agent: bool) -> [Bring; 2] {
    match (company, agent) {
        (true, true) => [Bring::BothDocuments, Bring::SealsAndCheque],
        (true, false) => [Bring::OperatorDocument, Bring::SealsAndCheque],
        (false, true) => [Bring::BothDocuments, Bring::CardOrPassbook],
        (false, false) => [Bring::OwnDocument, Bring::CardOrPassbook],
    }
}

#[cfg(test)]
mod tests {
    use super::{Bring, to_bring};

    #[test]
    fn an_agent_brings_both_documents_and_a_company_its_seals() {
        assert_eq!(to_bring(false, false), [Bring::OwnDocument, Bring::CardOrPassbook]);
        assert_eq!(to_bring(false, true), [Bring::BothDocuments, Bring::CardOrPassbook]);
        assert_eq!(to_bring(true, false), [Bring::OperatorDocument, Bring::SealsAndCheque]);
        assert_eq!(to_bring(true, true), [Bring::BothDocuments, Bring::SealsAndCheque]);
    }
}
