package dev.plumbline.agent.oip;

import dev.plumbline.agent.wire.oip.InferRequest;
import dev.plumbline.agent.wire.oip.InferResponse;

/**
 * A call as a transport brings it. Methods run on a worker, each at most once and in this order.
 *
 * @param <T> an answer as the transport writes it
 */
interface InferCall<T> {
  /** The id for a request that has none, or cannot be read; may be null. */
  String fallbackId();

  /** Whether it is one of a stream of calls. */
  boolean stream();

  /** Parses the request. */
  InferRequest read();

  /** Encodes the answer. */
  T write(InferRequest request, InferResponse response);

  /** Sends the answer; {@link Delivery#ended} is told when that is over. */
  void answer(T answer, Delivery delivery);

  /** Sends the refusal; the same. */
  void refuse(Refusal refusal, String id, Delivery delivery);

  /** Told, once, how the sending ended; any thread. */
  interface Delivery {
    void ended(boolean delivered);
  }
}
