package dev.plumbline.agent.proxy;

import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;

/**
 * A whole answer, kept until its verdict can stand in its headers. Over the bound it is let go with
 * {@code unscored(too_long)}, which is what the verdict will be.
 */
final class Hold implements Delivering {
  private final HttpServerRequest in;
  private final HttpServerResponse out;
  private final HttpClientResponse answer;
  private final BoundedCopy kept;
  private final Meters meters;
  private final int bound;
  private final Watch watch;
  private boolean letGo;

  Hold(HttpServerRequest in, HttpClientResponse answer, int bound, Watch watch, Meters meters) {
    this.in = in;
    this.out = in.response();
    this.answer = answer;
    this.bound = bound;
    this.watch = watch;
    this.kept = new BoundedCopy(bound);
    this.meters = meters;
  }

  @Override
  public void chunk(Buffer chunk) {
    if (!letGo && kept.buffer().length() + chunk.length() > bound) {
      letGo(watch.tooLong());
    }
    if (letGo) {
      out.write(chunk);
    } else {
      kept.add(chunk);
    }
  }

  @Override
  public void end(MultiMap trailers) {
    if (letGo) {
      finish(trailers);
      return;
    }
    watch
        .annotation()
        .onSuccess(
            annotation -> {
              if (!out.closed()) {
                letGo(annotation);
                finish(trailers);
              }
            });
  }

  @Override
  public void cut() {
    if (!letGo) {
      Deliveries.head(in, answer, Set.of());
      out.write(kept.buffer());
    }
    meters.count(Meter.ANNOTATIONS, "not_applied");
  }

  private void letGo(Annotation annotation) {
    letGo = true;
    meters.count(Meter.ANNOTATIONS, "applied");
    Deliveries.head(in, answer, Set.of());
    annotation.fields().forEach((name, value) -> out.headers().set(name, value));
    if (kept.buffer().length() > 0) {
      out.write(kept.buffer());
    }
  }

  private void finish(MultiMap trailers) {
    if (out.isChunked()) {
      out.trailers().addAll(trailers);
    }
    out.end();
  }
}
