package dev.plumbline.agent.proxy;

import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.wire.WireError;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.Set;

/**
 * A whole answer, kept until its verdict can stand in its headers. Over the bound it is let go with
 * {@code unscored(too_long)}, which is what the verdict will be. A model that fails closed lets no
 * answer go without a verdict: its client gets an error in the answer's place.
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
  private Optional<WireError> brokenOff = Optional.empty();

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
    if (!letGo) {
      kept.add(chunk);
    } else if (!out.ended()) {
      out.write(chunk);
    }
  }

  @Override
  public void end(MultiMap trailers) {
    if (letGo) {
      finish(trailers);
      return;
    }
    watch
        .telling()
        .onSuccess(
            telling -> {
              if (!out.closed()) {
                letGo(telling);
                finish(trailers);
              }
            });
  }

  @Override
  public int cutStatus(int sent) {
    brokenOff = letGo ? Optional.empty() : watch.brokenOff();
    return brokenOff.map(error -> error.kind().status()).orElse(sent);
  }

  @Override
  public boolean cut() {
    if (watch.tells()) {
      meters.count(Meter.ANNOTATIONS, "not_applied");
    }
    if (brokenOff.isPresent()) {
      instead(brokenOff.get());
      return true;
    }
    if (!letGo) {
      Deliveries.head(in, answer, Set.of());
      out.write(kept.buffer());
    }
    return false;
  }

  private void letGo(Telling telling) {
    letGo = true;
    if (watch.tells()) {
      meters.count(Meter.ANNOTATIONS, "applied");
    }
    Annotation annotation = telling.annotation();
    if (telling.instead().isPresent()) {
      annotation.fields().forEach((name, value) -> out.headers().set(name, value));
      instead(telling.instead().get());
      return;
    }
    Deliveries.head(in, answer, Set.of());
    if (watch.tells()) {
      annotation.fields().forEach((name, value) -> out.headers().set(name, value));
      Deliveries.name(in, watch);
    }
    Buffer body = telling.changed().orElse(kept.buffer());
    if (telling.changed().isPresent()) {
      out.headers().remove("content-encoding");
      if (!out.isChunked()) {
        out.putHeader("content-length", Integer.toString(body.length()));
      }
    }
    if (body.length() > 0) {
      out.write(body);
    }
  }

  private void instead(WireError error) {
    Deliveries.name(in, watch);
    out.setStatusCode(error.kind().status())
        .putHeader("content-type", "application/json")
        .end(Buffer.buffer(error.toBytes()));
  }

  private void finish(MultiMap trailers) {
    if (out.ended()) {
      return;
    }
    if (out.isChunked()) {
      out.trailers().addAll(trailers);
    }
    out.end();
  }
}
