package dev.plumbline.agent.tap.oip;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.agent.wire.oip.GrpcPatch;
import dev.plumbline.agent.wire.oip.GrpcPeek;
import dev.plumbline.agent.wire.oip.GrpcReader;
import dev.plumbline.agent.wire.oip.InferResponse;
import dev.plumbline.agent.wire.oip.OipException;
import dev.plumbline.agent.wire.oip.RestPatch;
import dev.plumbline.agent.wire.oip.RestReader;
import dev.plumbline.agent.wire.oip.Tensor;
import dev.plumbline.agent.wire.oip.grpc.ModelInferResponse;
import dev.plumbline.agent.wire.oip.grpc.ModelStreamInferResponse;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.mitigations.Receipt;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Reads the hidden states in answers of the Open Inference Protocol, and takes a direction out of
 * them. Never on an event loop: answers may be large. Thread-safe; keeps nothing.
 */
public final class OipScoring {
  private final String tensor;
  private final List<TapPoint> points;
  private final int mostBytes;
  private final Function<Found, Reading> reader;
  private final Optional<TensorAblation> ablation;

  /**
   * An answer without the direction.
   *
   * @param bytes of a body or a message, as long as before unless numbers are written as text
   */
  public record Ablated(byte[] bytes, Receipt receipt) {}

  /**
   * @param tensor the output's name
   * @param points K tap points in the tensor's order
   * @param mostBytes of one answer, and of the states kept of one exchange
   * @param reader scores what was found; never throws
   * @param artefact whose directions are taken out
   * @param fit how the artefact fits the model the origin serves; one that may not enforce does not
   *     ablate
   */
  public OipScoring(
      String tensor,
      List<TapPoint> points,
      int mostBytes,
      Function<Found, Reading> reader,
      Artefact artefact,
      Fit fit) {
    this.tensor = Objects.requireNonNull(tensor, "tensor");
    this.points = List.copyOf(points);
    this.mostBytes = mostBytes;
    this.reader = Objects.requireNonNull(reader, "reader");
    this.ablation =
        Optional.of(new TensorAblation(artefact, points))
            .filter(a -> fit.mayEnforce() && a.possible());
  }

  /** Bytes of one answer, and of the states kept of one exchange. */
  public int mostBytes() {
    return mostBytes;
  }

  /** Whether the direction can be taken out, and may be. */
  public boolean ablates() {
    return ablation.isPresent();
  }

  /** For a new exchange. */
  public OipStates states() {
    return new OipStates(points, mostBytes);
  }

  /** Scores what was found. Never throws. */
  public Reading read(OipStates states) {
    return reader.apply(states.found());
  }

  /**
   * Takes the states out of a REST body.
   *
   * @param headerLength of the JSON, where the answer names it
   * @param ablate whether the body without the direction is wanted
   * @return that body; empty when it was not wanted or cannot be had, which {@code into} then says
   */
  public Optional<Ablated> rest(
      byte[] body, OptionalLong headerLength, OipStates into, boolean ablate) {
    try {
      InferResponse answer = RestReader.response(body, headerLength);
      return take(answer, into, ablate)
          .map(
              done ->
                  new Ablated(
                      RestPatch.replace(body, headerLength, done.tensor()), done.receipt()));
    } catch (OipException e) {
      into.missing(new Found.Missing(UnscoredReason.UNPARSEABLE, e.getMessage()));
      return Optional.empty();
    }
  }

  /**
   * The same of a gRPC message, without its prefix and not compressed.
   *
   * @param stream whether it is one of a stream's; one of these that carries no output, or an error
   *     of one request, has nothing to be scored and comes back as it is
   */
  public Optional<Ablated> grpc(byte[] message, boolean stream, OipStates into, boolean ablate) {
    try {
      if (stream && !GrpcPeek.bare(message)) {
        return streamed(ModelStreamInferResponse.parseFrom(message), message, into, ablate);
      }
      ModelInferResponse answer = ModelInferResponse.parseFrom(message);
      return stream && answer.getOutputsCount() == 0
          ? unchanged(message, ablate)
          : infer(answer, into, ablate)
              .map(done -> new Ablated(done.message().toByteArray(), done.receipt()));
    } catch (InvalidProtocolBufferException | OipException e) {
      into.missing(new Found.Missing(UnscoredReason.UNPARSEABLE, String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  private record Changed(ModelInferResponse message, Receipt receipt) {}

  private Optional<Ablated> streamed(
      ModelStreamInferResponse message, byte[] bytes, OipStates into, boolean ablate) {
    if (message.getInferResponse().getOutputsCount() == 0) {
      return unchanged(bytes, ablate);
    }
    return infer(message.getInferResponse(), into, ablate)
        .map(
            done ->
                new Ablated(
                    message.toBuilder().setInferResponse(done.message()).build().toByteArray(),
                    done.receipt()));
  }

  private static Optional<Ablated> unchanged(byte[] message, boolean ablate) {
    return ablate ? Optional.of(new Ablated(message, Receipt.NONE)) : Optional.empty();
  }

  private Optional<Changed> infer(ModelInferResponse message, OipStates into, boolean ablate) {
    return take(GrpcReader.response(message), into, ablate)
        .map(done -> new Changed(GrpcPatch.replace(message, done.tensor()), done.receipt()));
  }

  private Optional<TensorAblation.Ablated> take(
      InferResponse answer, OipStates into, boolean ablate) {
    Optional<Tensor> output = answer.output(tensor);
    if (output.isEmpty()) {
      return Optional.empty();
    }
    try {
      HiddenTensor states = HiddenTensor.of(answer, output.get(), points.size());
      into.add(answer.id(), states);
      return ablate && ablation.isPresent()
          ? Optional.of(ablation.get().of(states))
          : Optional.empty();
    } catch (Unusable e) {
      into.missing(e.missing());
      return Optional.empty();
    }
  }
}
