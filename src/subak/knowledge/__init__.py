"""Documents, passages, facts, evidence, articles: pure, no network, no model."""
