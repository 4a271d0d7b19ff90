package dev.plumbline.agent.fetch;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * A body that goes to a stream as it comes, up to a number of bytes; its result is the SHA-256 in
 * hex. The stream is the caller's to close. Called by one thread at a time, as the HTTP client
 * does.
 */
final class LimitedFile implements BodySubscriber<String> {
  private final String where;
  private final WritableByteChannel out;
  private final long most;
  private final MessageDigest digest;
  private final CompletableFuture<String> result = new CompletableFuture<>();
  private Flow.Subscription subscription;
  private long taken;

  /**
   * @param where named in a refusal
   * @param most bytes that are taken; one more is a {@link FetchException}
   */
  LimitedFile(String where, OutputStream out, long most, MessageDigest digest) {
    this.where = where;
    this.out = Channels.newChannel(out);
    this.most = most;
    this.digest = digest;
  }

  @Override
  public CompletionStage<String> getBody() {
    return result;
  }

  @Override
  public void onSubscribe(Flow.Subscription to) {
    subscription = to;
    to.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> parts) {
    try {
      for (ByteBuffer part : parts) {
        take(part);
      }
      subscription.request(1);
    } catch (IOException | FetchException e) {
      subscription.cancel();
      result.completeExceptionally(e);
    }
  }

  private void take(ByteBuffer part) throws IOException {
    taken += part.remaining();
    if (taken > most) {
      throw new FetchException(
          where, "at most " + most + " bytes", "more", "raise --max-bytes if that is right");
    }
    digest.update(part.duplicate());
    while (part.hasRemaining()) {
      out.write(part);
    }
  }

  @Override
  public void onError(Throwable failure) {
    result.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    result.complete(HexFormat.of().formatHex(digest.digest()));
  }
}
