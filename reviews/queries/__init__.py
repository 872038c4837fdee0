"""Questions about reviews, their plans, judgements, rounds, findings and conclusions."""
