package dev.plumbline.agent.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.plumbline.agent.wire.oip.grpc.ModelInferRequest;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The name in a request's beginning, whatever its sender makes of the rest. */
class GrpcModelTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1_000, 8 << 20})
  void name_ofACompressedMessage_isFoundWithoutUnpackingAllOfIt(int zeros) throws IOException {
    GrpcModel model = new GrpcModel();
    model.request(compressed("m-1", zeros));
    assertThat(model.name("gzip")).contains("m-1");
    assertThat(model.decided("gzip")).isTrue();
  }

  @Test
  void decided_byteByByte_isSoAtTheEndAtTheLatest() throws IOException {
    for (String name : new String[] {"m-1", ""}) {
      GrpcModel model = new GrpcModel();
      Buffer all = compressed(name, 20);
      for (int i = 0; i < all.length(); i++) {
        assertThat(model.decided("gzip") && name.isEmpty()).isFalse();
        model.request(all.getBuffer(i, i + 1));
      }
      assertThat(model.decided("gzip")).isTrue();
      assertThat(model.name("gzip").orElse("")).isEqualTo(name);
    }
  }

  @Test
  void name_inACodingNobodyKnows_isNotKnown() throws IOException {
    GrpcModel model = new GrpcModel();
    model.request(compressed("m-1", 9));
    assertThat(model.name("snappy")).isEmpty();
    assertThat(model.name(null)).isEmpty();
  }

  private static Buffer compressed(String name, int zeros) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      ModelInferRequest.newBuilder()
          .setModelName(name)
          .addRawInputContents(ByteString.copyFrom(new byte[zeros]))
          .build()
          .writeTo(gzip);
    }
    Buffer framed = GrpcAnswers.framed(bytes.toByteArray());
    return framed.setByte(0, (byte) 1);
  }
}
