package dev.plumbline.agent.fetch;

/** What was fetched is not what was wanted, or could not be fetched; the message has four parts. */
final class FetchException extends RuntimeException {
  FetchException(String where, String wanted, Object found, String action) {
    super(where + ": wanted " + wanted + ", found " + found + "; " + action);
  }
}
