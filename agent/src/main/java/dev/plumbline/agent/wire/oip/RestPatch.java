package dev.plumbline.agent.wire.oip;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Changes one output in the body of an answer of {@code /v2/models/M/infer} and leaves every other
 * byte as it came: members nobody knows, white space, nesting, other tensors.
 */
public final class RestPatch {
  private static final int NOT_THERE = -1;

  /** Where an output lies in a body. */
  private static final class Place {
    String name = "";
    int dataFrom = NOT_THERE;
    int dataTo;
    long binarySize = NOT_THERE;
    int from;
    int to;
  }

  private final byte[] body;
  private final int json;
  private boolean binaryOutput;
  private final List<Place> places = new ArrayList<>();

  private RestPatch(byte[] body, OptionalLong headerLength) {
    this.body = body;
    this.json = (int) headerLength.orElse(body.length);
  }

  /**
   * Puts an output's elements in the place of those that are there.
   *
   * @param body of an answer that {@link RestReader} has read; not changed
   * @param output as read, with elements of the same size
   * @return a new body; its JSON is as long as before where the output is binary
   */
  public static byte[] replace(byte[] body, OptionalLong headerLength, Tensor output) {
    RestPatch patch = new RestPatch(body, headerLength);
    patch.find();
    int at = patch.json;
    for (Place place : patch.places) {
      if (place.name.equals(output.name())) {
        return place.dataFrom == NOT_THERE
            ? patch.inBinary(at, output.elements().orElseThrow())
            : patch.inJson(place, output);
      }
      at += (int) Math.max(0, place.binarySize);
    }
    throw OipException.invalid("body", "output " + output.name(), "none", "keep the body");
  }

  /**
   * Adds an output to those that a request lists, in binary where others are wanted so.
   *
   * @return the request with it; empty where it lists none, which means all, or lists it already
   * @throws OipException when it is no request
   */
  public static Optional<RestBody> asking(byte[] body, OptionalLong headerLength, String output) {
    List<RequestedOutput> wanted = RestReader.wanted(body, headerLength);
    if (wanted.isEmpty() || wanted.stream().anyMatch(each -> each.name().equals(output))) {
      return Optional.empty();
    }
    RestPatch patch = new RestPatch(body, headerLength);
    patch.find();
    boolean all = patch.binaryOutput;
    boolean binary = wanted.stream().anyMatch(each -> each.region().isEmpty() && each.binary(all));
    String how = binary == all ? "" : ",\"parameters\":{\"binary_data\":" + binary + "}";
    String added = ",{\"name\":" + JsonForm.quoted(output) + how + "}";
    int at = patch.places.get(patch.places.size() - 1).to;
    ByteArrayOutputStream head = new ByteArrayOutputStream(patch.json + added.length());
    head.write(body, 0, at);
    head.writeBytes(added.getBytes(StandardCharsets.UTF_8));
    head.write(body, at, patch.json - at);
    ByteBuffer rest = ByteBuffer.wrap(body, patch.json, body.length - patch.json);
    return Optional.of(
        new RestBody(head.toByteArray(), rest.hasRemaining() ? List.of(rest) : List.of()));
  }

  /**
   * Takes an output out.
   *
   * @return the body without; the same bytes where there is none of this name
   */
  public static RestBody without(byte[] body, OptionalLong headerLength, String output) {
    RestPatch patch = new RestPatch(body, headerLength);
    patch.find();
    int at = patch.json;
    for (int i = 0; i < patch.places.size(); i++) {
      Place place = patch.places.get(i);
      int size = (int) Math.max(0, place.binarySize);
      if (place.name.equals(output)) {
        return patch.cut(i, at, size);
      }
      at += size;
    }
    return patch.cut(0, 0, patch.json, patch.json);
  }

  private void find() {
    try (JsonParser parser = JsonForm.FACTORY.createParser(body, 0, json)) {
      parser.nextToken();
      JsonForm.members(
          parser,
          "body",
          member -> {
            if (member.equals("parameters")) {
              binaryOutput =
                  JsonForm.parameters(parser).flag(Parameters.BINARY_DATA_OUTPUT).orElse(false);
            } else if (member.equals("outputs")) {
              JsonForm.elements(parser, member, where -> places.add(place(parser)));
            } else {
              parser.skipChildren();
            }
          });
    } catch (IOException e) {
      throw OipException.invalid("body", "well-formed JSON", "a mistake in it", "correct it");
    }
  }

  private static Place place(JsonParser parser) throws IOException {
    Place place = new Place();
    place.from = start(parser);
    JsonForm.members(
        parser,
        "output",
        member -> {
          switch (member) {
            case "name" -> place.name = JsonForm.text(parser, member);
            case "parameters" ->
                place.binarySize =
                    JsonForm.parameters(parser)
                        .whole(Parameters.BINARY_DATA_SIZE)
                        .orElse(NOT_THERE);
            case "data" -> {
              place.dataFrom = start(parser);
              parser.skipChildren();
              place.dataTo = start(parser) + 1;
            }
            default -> parser.skipChildren();
          }
        });
    place.to = start(parser) + 1;
    return place;
  }

  private static int start(JsonParser parser) {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  private byte[] inBinary(int at, ByteBuffer elements) {
    byte[] patched = body.clone();
    elements.get(patched, at, elements.remaining());
    return patched;
  }

  /** Each number gives way to the one of its index; a null, and what stands between, stays. */
  private byte[] inJson(Place place, Tensor output) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length);
    int copied = 0;
    int index = 0;
    ByteBuffer elements = output.elements().orElseThrow();
    int length = place.dataTo - place.dataFrom;
    try (JsonParser parser = JsonForm.FACTORY.createParser(body, place.dataFrom, length)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isNumeric()) {
          int from = place.dataFrom + start(parser);
          out.write(body, copied, from - copied);
          out.writeBytes(number(output.datatype(), elements, index++));
          copied = from + parser.getTextLength();
        } else if (token == JsonToken.VALUE_NULL) {
          index++;
        }
      }
    } catch (IOException e) {
      throw OipException.invalid("data", "an array of numbers", "a mistake in it", "correct it");
    }
    out.write(body, copied, body.length - copied);
    return out.toByteArray();
  }

  private static byte[] number(Datatype type, ByteBuffer elements, int index) {
    String text =
        type.floating()
            ? Float.toString((float) Floats.read(type, elements, index))
            : Long.toString(Wholes.read(type, elements, index));
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** An element of an array goes with one of the commas beside it. */
  private RestBody cut(int index, int binaryAt, int binarySize) {
    Place place = places.get(index);
    boolean last = index == places.size() - 1;
    int from = last && index > 0 ? places.get(index - 1).to : place.from;
    int to = last ? place.to : places.get(index + 1).from;
    return cut(from, to, binaryAt, binaryAt + binarySize);
  }

  private RestBody cut(int from, int to, int binaryFrom, int binaryTo) {
    ByteArrayOutputStream head = new ByteArrayOutputStream(json);
    head.write(body, 0, from);
    head.write(body, to, json - to);
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    rest.write(body, json, binaryFrom - json);
    rest.write(body, binaryTo, body.length - binaryTo);
    return new RestBody(
        head.toByteArray(),
        rest.size() == 0 ? List.of() : List.of(ByteBuffer.wrap(rest.toByteArray())));
  }
}
