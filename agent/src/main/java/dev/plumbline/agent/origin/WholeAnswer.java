package dev.plumbline.agent.origin;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.wire.GenerationCall;
import dev.plumbline.agent.wire.WireError;
import io.vertx.core.http.HttpServerRequest;

/** One JSON object, sent when all is known; so its verdict can stand in the headers. */
final class WholeAnswer extends Answer {
  WholeAnswer(
      HttpServerRequest request,
      Entry entry,
      GenerationCall call,
      Mode mode,
      AnswerSettings settings) {
    super(request, entry, call, mode, settings);
  }

  @Override
  protected void write(String text) {
    // The end carries the whole text.
  }

  @Override
  protected void complete(GenerationEnd end) {
    if (annotates()) {
      annotation(end).fields().forEach(response::putHeader);
    }
    Replies.json(response, 200, writer.whole(end.text(), end.finish(), end.usage(), ids.take()));
  }

  @Override
  protected void fail(WireError error) {
    Replies.error(response, error);
  }
}
