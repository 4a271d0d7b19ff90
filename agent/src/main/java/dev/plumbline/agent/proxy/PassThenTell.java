package dev.plumbline.agent.proxy;

import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.enforce.TrailerWish;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;

/**
 * A stream as it comes, then the verdict as a comment and, if the client takes them, as trailers. A
 * compressed stream gets trailers only: a comment cannot be put behind compressed bytes.
 */
final class PassThenTell implements Delivering {
  private final HttpServerResponse out;
  private final Watch watch;
  private final Meters meters;
  private final boolean trailers;
  private final boolean comment;

  PassThenTell(HttpServerRequest in, HttpClientResponse answer, Watch watch, Meters meters) {
    this.out = in.response();
    this.watch = watch;
    this.meters = meters;
    this.trailers = TrailerWish.of(in);
    this.comment = answer.getHeader("content-encoding") == null;
    Deliveries.head(in, answer, Set.of("content-length"));
    Deliveries.name(in, watch);
    if (trailers) {
      out.headers().add("trailer", String.join(", ", Annotation.NAMES));
    }
  }

  @Override
  public void chunk(Buffer chunk) {
    out.write(chunk);
  }

  @Override
  public void end(MultiMap originTrailers) {
    watch.telling().onSuccess(telling -> tell(originTrailers, telling.annotation()));
  }

  private void tell(MultiMap originTrailers, Annotation annotation) {
    if (out.closed()) {
      return;
    }
    meters.count(Meter.ANNOTATIONS, trailers || comment ? "applied" : "not_applied");
    out.trailers().addAll(originTrailers);
    if (trailers) {
      annotation.fields().forEach(out::putTrailer);
    }
    if (comment) {
      out.end(annotation.comment());
    } else {
      out.end();
    }
  }

  @Override
  public boolean cut() {
    meters.count(Meter.ANNOTATIONS, "not_applied");
    return false;
  }
}
