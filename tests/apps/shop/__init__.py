"""A shop: customers, products, carts, orders, payments, and all that happens after the response."""
