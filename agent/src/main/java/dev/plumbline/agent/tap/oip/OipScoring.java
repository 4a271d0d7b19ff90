package dev.plumbline.agent.tap.oip;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.agent.wire.oip.Datatype;
import dev.plumbline.agent.wire.oip.GrpcPatch;
import dev.plumbline.agent.wire.oip.GrpcPeek;
import dev.plumbline.agent.wire.oip.GrpcReader;
import dev.plumbline.agent.wire.oip.InferResponse;
import dev.plumbline.agent.wire.oip.OipException;
import dev.plumbline.agent.wire.oip.RestPatch;
import dev.plumbline.agent.wire.oip.RestReader;
import dev.plumbline.agent.wire.oip.SharedMemory;
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
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

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
   * @param elsewhere what is still to be done before they go, where the tensor does not come along:
   *     puts it back and says whether that was possible; never on an event loop
   */
  public record Ablated(byte[] bytes, Receipt receipt, Optional<BooleanSupplier> elsewhere) {}

  /** A tensor without the direction, and how to put it back. */
  private record Done(TensorAblation.Ablated ablated, Optional<BooleanSupplier> elsewhere) {}

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

  /** The output's name. */
  public String tensor() {
    return tensor;
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
   * @param places where tensors lie that did not come along
   * @param ablate whether the body without the direction is wanted
   * @return that body; empty when it was not wanted or cannot be had, which {@code into} then says
   */
  public Optional<Ablated> rest(
      byte[] body, OptionalLong headerLength, Places places, OipStates into, boolean ablate) {
    try {
      InferResponse answer = RestReader.response(body, headerLength);
      return take(answer, places, into, ablate)
          .map(
              done ->
                  new Ablated(
                      done.elsewhere().isPresent()
                          ? body
                          : RestPatch.replace(body, headerLength, done.ablated().tensor()),
                      done.ablated().receipt(),
                      done.elsewhere()));
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
  public Optional<Ablated> grpc(
      byte[] message, boolean stream, Places places, OipStates into, boolean ablate) {
    try {
      if (stream && !GrpcPeek.bare(message)) {
        return streamed(ModelStreamInferResponse.parseFrom(message), message, places, into, ablate);
      }
      ModelInferResponse answer = ModelInferResponse.parseFrom(message);
      return stream && answer.getOutputsCount() == 0
          ? unchanged(message, ablate)
          : infer(answer, places, into, ablate)
              .map(
                  done ->
                      new Ablated(done.message().toByteArray(), done.receipt(), done.elsewhere()));
    } catch (InvalidProtocolBufferException | OipException e) {
      into.missing(new Found.Missing(UnscoredReason.UNPARSEABLE, String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  /**
   * A gRPC message without the tensor.
   *
   * @param id whether answers of this id are to lose it
   * @return empty where it stays as it is
   */
  public Optional<byte[]> without(byte[] message, boolean stream, Predicate<String> id) {
    try {
      if (stream && !GrpcPeek.bare(message)) {
        ModelStreamInferResponse whole = ModelStreamInferResponse.parseFrom(message);
        return bare(whole.getInferResponse(), id)
            .map(left -> whole.toBuilder().setInferResponse(left).build().toByteArray());
      }
      return bare(ModelInferResponse.parseFrom(message), id).map(ModelInferResponse::toByteArray);
    } catch (InvalidProtocolBufferException | OipException e) {
      return Optional.empty();
    }
  }

  private Optional<ModelInferResponse> bare(ModelInferResponse answer, Predicate<String> id) {
    return id.test(answer.getId()) ? GrpcPatch.without(answer, tensor) : Optional.empty();
  }

  private record Changed(
      ModelInferResponse message, Receipt receipt, Optional<BooleanSupplier> elsewhere) {}

  private Optional<Ablated> streamed(
      ModelStreamInferResponse message,
      byte[] bytes,
      Places places,
      OipStates into,
      boolean ablate) {
    if (message.getInferResponse().getOutputsCount() == 0) {
      return unchanged(bytes, ablate);
    }
    return infer(message.getInferResponse(), places, into, ablate)
        .map(
            done ->
                new Ablated(
                    message.toBuilder().setInferResponse(done.message()).build().toByteArray(),
                    done.receipt(),
                    done.elsewhere()));
  }

  private static Optional<Ablated> unchanged(byte[] message, boolean ablate) {
    return ablate
        ? Optional.of(new Ablated(message, Receipt.NONE, Optional.empty()))
        : Optional.empty();
  }

  private Optional<Changed> infer(
      ModelInferResponse message, Places places, OipStates into, boolean ablate) {
    return take(GrpcReader.response(message), places, into, ablate)
        .map(
            done ->
                new Changed(
                    done.elsewhere().isPresent()
                        ? message
                        : GrpcPatch.replace(message, done.ablated().tensor()),
                    done.ablated().receipt(),
                    done.elsewhere()));
  }

  private Optional<Done> take(InferResponse answer, Places places, OipStates into, boolean ablate) {
    Optional<Tensor> output = answer.output(tensor);
    if (output.isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<SharedMemory> place = place(answer, output.get(), places);
      Tensor whole = had(output.get(), place, places);
      HiddenTensor states = HiddenTensor.of(answer, whole, points.size());
      into.add(answer.id(), states);
      return ablate && ablation.isPresent()
          ? Optional.of(done(ablation.get().of(states), place, places))
          : Optional.empty();
    } catch (Unusable e) {
      into.missing(e.missing());
      return Optional.empty();
    }
  }

  private static Optional<SharedMemory> place(InferResponse answer, Tensor output, Places places) {
    if (output.content() instanceof Tensor.InRegion at) {
      return Optional.of(at.where());
    }
    return output.elements().isPresent()
        ? Optional.empty()
        : places.asked(answer.id(), output.name());
  }

  /** The tensor with its elements, which are copied out of a region once: it may change. */
  private static Tensor had(Tensor output, Optional<SharedMemory> place, Places places) {
    if (output.elements().isPresent() || output.datatype() == Datatype.BYTES) {
      return output;
    }
    long elements = output.shape().elements();
    long bytes =
        elements > Long.MAX_VALUE / Long.BYTES
            ? Long.MAX_VALUE
            : elements * output.datatype().bytes();
    return places
        .read(place, bytes)
        .map(found -> output.with(new Tensor.Elements(found)))
        .orElse(output);
  }

  private static Done done(
      TensorAblation.Ablated ablated, Optional<SharedMemory> place, Places places) {
    return new Done(
        ablated,
        place.map(where -> () -> places.write(where, ablated.tensor().elements().orElseThrow())));
  }
}
