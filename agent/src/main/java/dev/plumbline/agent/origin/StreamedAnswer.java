package dev.plumbline.agent.origin;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.enforce.TrailerWish;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.wire.GenerationCall;
import dev.plumbline.agent.wire.ReplyWriter;
import dev.plumbline.agent.wire.WireError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * Server-sent events as text comes. The head waits for the first text, so that a refusal can still
 * be an HTTP status. While the client reads slowly, new text gathers and leaves as one event; it is
 * bounded by the answer's length.
 */
final class StreamedAnswer extends Answer {
  private final StringBuilder gathered = new StringBuilder();
  private final boolean trailers;

  StreamedAnswer(
      HttpServerRequest request,
      Entry entry,
      GenerationCall call,
      Mode mode,
      AnswerSettings settings) {
    super(request, entry, call, mode, settings);
    this.trailers = annotates() && TrailerWish.of(request);
  }

  @Override
  protected void write(String text) {
    begin();
    gathered.append(text);
    if (response.writeQueueFull()) {
      response.drainHandler(v -> flush());
    } else {
      flush();
    }
  }

  @Override
  protected void complete(GenerationEnd end) {
    begin();
    flush();
    response.write(Buffer.buffer(writer.last(end.finish(), end.usage(), ids.take())));
    response.write(Buffer.buffer(ReplyWriter.done()));
    if (annotates()) {
      Annotation annotation = annotation(end);
      response.write(annotation.comment());
      if (trailers) {
        annotation.fields().forEach(response::putTrailer);
      }
    }
    response.end();
  }

  @Override
  protected void fail(WireError error) {
    if (!response.headWritten()) {
      Replies.error(response, error);
      return;
    }
    flush();
    response.end(Buffer.buffer(ReplyWriter.failure(error)));
  }

  private void begin() {
    if (response.headWritten()) {
      return;
    }
    response
        .setChunked(true)
        .putHeader("content-type", "text/event-stream; charset=utf-8")
        .putHeader("cache-control", "no-cache");
    if (trailers) {
      response.putHeader("trailer", String.join(", ", Annotation.NAMES));
    }
    byte[] first = writer.first(ids.prompt());
    if (first.length > 0) {
      ids.promptTold();
      response.write(Buffer.buffer(first));
    }
  }

  private void flush() {
    if (!gathered.isEmpty() && !response.ended()) {
      response.write(Buffer.buffer(writer.delta(gathered.toString(), ids.take())));
      gathered.setLength(0);
    }
  }
}
