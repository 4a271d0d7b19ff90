package dev.plumbline.agent.proxy;

import dev.plumbline.agent.scoring.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.Optional;

/** The watch on a call that passes as it is, on behalf of one that changes nothing. */
final class GrpcPlain implements GrpcWatch {
  private final Watch watch;

  /**
   * @param watch counts or settles; delivers as it comes
   */
  GrpcPlain(Watch watch) {
    this.watch = watch;
  }

  @Override
  public Optional<String> requestId() {
    return watch.requestId();
  }

  @Override
  public void sending(HttpClientRequest request) {
    watch.sending(request);
  }

  @Override
  public void request(Buffer chunk) {
    watch.request(chunk);
  }

  @Override
  public boolean head(HttpClientResponse head) {
    watch.head(head);
    return true;
  }

  @Override
  public Future<Buffer> passed(Buffer chunk) {
    watch.answer(chunk);
    return Future.succeededFuture(chunk);
  }

  @Override
  public void over(int status, Outcome outcome) {
    watch.over(status, outcome);
  }

  @Override
  public Future<End> end() {
    return Future.succeededFuture(End.PLAIN);
  }
}
