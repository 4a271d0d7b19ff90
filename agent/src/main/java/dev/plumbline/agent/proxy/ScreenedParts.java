package dev.plumbline.agent.proxy;

import io.vertx.core.http.HttpClientResponse;

/**
 * What a screened stream is made of. On one event loop.
 *
 * @param first the origin's answer
 * @param onward the passage
 * @param out the client's side
 * @param answer as the client has it
 * @param feed from the source that speaks to the client
 * @param tries to go on without the direction
 * @param standing where it stands
 */
record ScreenedParts(
    ScreenCase exchange,
    HttpClientResponse first,
    Onward onward,
    ScreenedOut out,
    ScreenedAnswer answer,
    ScreenTimes times,
    ScreenedFeed feed,
    RescueTries tries,
    Standing standing) {
  /** Whether the source that speaks, or spoke last, is the first one. */
  boolean original() {
    return tries.made() == 0;
  }
}
