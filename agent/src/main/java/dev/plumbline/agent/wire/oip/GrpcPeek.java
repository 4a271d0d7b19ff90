package dev.plumbline.agent.wire.oip;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.plumbline.agent.wire.oip.grpc.ModelInferRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks into the beginning of a message without having all of it. */
public final class GrpcPeek {
  private static final int MODEL_NAME = 1;
  private static final int MODEL_VERSION = 2;
  private static final int ID = 3;
  private static final int OUTPUTS = 6;
  private static final int INFER_RESPONSE = 2;

  private GrpcPeek() {}

  /**
   * Whether a message of {@code ModelStreamInfer} is the answer itself, as MLServer sends it,
   * rather than Triton's envelope, which has an error or an answer in it and no other field.
   */
  public static boolean bare(byte[] message) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(message);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) > INFER_RESPONSE) {
          return true;
        }
        in.skipField(tag);
      }
    } catch (IOException e) {
      // No message: whoever reads it will say.
    }
    return false;
  }

  /**
   * What a request asks for.
   *
   * @param outputs their names; none for all
   */
  public record Asked(String id, List<String> outputs) {}

  /** Of a whole request; empty when it is none. */
  public static Optional<Asked> asked(byte[] message) {
    String id = "";
    List<String> outputs = new ArrayList<>();
    try {
      CodedInputStream in = CodedInputStream.newInstance(message);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        boolean bytes = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
        if (bytes && WireFormat.getTagFieldNumber(tag) == ID) {
          id = in.readStringRequireUtf8();
        } else if (bytes && WireFormat.getTagFieldNumber(tag) == OUTPUTS) {
          outputs.add(
              ModelInferRequest.InferRequestedOutputTensor.parseFrom(in.readByteArray()).getName());
        } else {
          in.skipField(tag);
        }
      }
      return Optional.of(new Asked(id, outputs));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The version a request names, which comes right after its model; empty for any. */
  public static String version(byte[] beginning) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(beginning);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        int field = WireFormat.getTagFieldNumber(tag);
        if (field > MODEL_VERSION) {
          return "";
        }
        if (field == MODEL_VERSION
            && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          return in.readStringRequireUtf8();
        }
        in.skipField(tag);
      }
    } catch (IOException e) {
      // Cut, or no message: the origin will say.
    }
    return "";
  }

  /**
   * The model a request or an answer names.
   *
   * @param beginning of a message, cut anywhere
   * @return empty when it does not stand there
   */
  public static Optional<String> model(byte[] beginning) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(beginning);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == MODEL_NAME
            && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          return Optional.of(in.readStringRequireUtf8());
        }
        in.skipField(tag);
      }
    } catch (IOException e) {
      // Cut, or no message: the origin will say.
    }
    return Optional.empty();
  }
}
