"""Signatures of wallets."""
