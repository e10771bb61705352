//! Whether a text claims a loss or a dispute, and so is rather a complaint (docs/domain.md §7). The words are a plain list: a hit
//! only asks the customer, who may send the text as a suggestion all the same.

/// Words of a claim, in lower case.
const CLAIMS: [&str; 29] = [
    "多扣",
    "乱扣",
    "扣错",
    "错扣",
    "少给",
    "少付",
    "多收",
    "乱收",
    "赔偿",
    "赔我",
    "赔付",
    "退钱",
    "退款",
    "退还",
    "退回",
    "损失",
    "盗刷",
    "被骗",
    "诈骗",
    "投诉",
    "compensat",
    "refund",
    "overcharg",
    "charged twice",
    "my loss",
    "lost money",
    "fraud",
    "stolen",
    "complain",
];

/// Whether a text claims a loss or a dispute.
pub fn claims_loss(text: &str) -> bool {
    let text = text.to_lowercase();
    CLAIMS.iter().any(|claim| text.contains(claim))
}

#[cfg(test)]
mod tests {
    use super::claims_loss;

    #[test]
    fn a_claim_is_told_from_a_wish() {
        for claim in ["多扣三百元，要求赔偿", "你们乱收手续费", "I want a Refund", "我要投诉大堂经理"] {
            assert!(claims_loss(claim), "{claim}");
        }
        for wish in ["手机银行字大一点", "早点开门", "多开一个窗口", "Longer hours, please"] {
            assert!(!claims_loss(wish), "{wish}");
        }
    }
}
