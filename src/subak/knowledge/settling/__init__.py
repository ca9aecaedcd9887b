"""One value to publish out of many documents and days, and values of before."""
