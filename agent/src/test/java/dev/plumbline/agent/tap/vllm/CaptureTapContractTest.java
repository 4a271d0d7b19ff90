package dev.plumbline.agent.tap.vllm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.tap.states.NumberForm;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.agent.tap.states.StatesTap;
import dev.plumbline.agent.tap.states.StatesTapContract;
import dev.plumbline.core.residual.TapPoint;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;

class CaptureTapContractTest extends StatesTapContract {
  private static final String BODY = "{\"model\":\"m\",\"messages\":[]";

  @Override
  protected StatesTap open() {
    return new CaptureTap(List.of(TapPoint.residPost(2)), 1 << 20);
  }

  @Override
  protected String path() {
    return "/v1/chat/completions";
  }

  @Override
  protected String request(boolean stream) {
    return BODY + ",\"stream\":" + stream + "}";
  }

  @Override
  protected String askingRequest(boolean stream) {
    return BODY
        + ",\"stream\":"
        + stream
        + ",\"vllm_xargs\":{\"output_residual_stream\":\"[2]\"},\"return_token_ids\":true}";
  }

  @Override
  protected String answer(JsonNode request, Pass pass, boolean stream) throws IOException {
    assertThat(request.at("/vllm_xargs/output_residual_stream").asText()).isEqualTo("[2]");
    ObjectNode activations = Pass.json("{}");
    activations.set("residual_stream", residualStream(pass.states(), NumberForm.BF16));
    if (!stream) {
      return VllmScript.whole(pass, request).set("activations", activations).toString();
    }
    ObjectNode extra = Pass.json("{}");
    extra.set("activations", activations);
    return VllmScript.stream(pass, request) + "data: " + extra + "\n\ndata: [DONE]\n\n";
  }

  /** One layer, as the plugin writes it. */
  static ObjectNode residualStream(float[][] states, NumberForm form) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (ZstdOutputStream zstd = new ZstdOutputStream(compressed)) {
      zstd.write(StatesFiles.numbers(states, form));
    }
    ObjectNode tensor =
        Pass.json("{\"compression\":\"zstd\"}")
            .put("data", Base64.getEncoder().encodeToString(compressed.toByteArray()));
    switch (form) {
      case BF16 -> tensor.put("dtype", "int16").put("original_dtype", "torch.bfloat16");
      case F16 -> tensor.put("dtype", "float16").put("original_dtype", "torch.float16");
      case F32 -> tensor.put("dtype", "float32").put("original_dtype", "torch.float32");
    }
    tensor.putArray("shape").add(1).add(states.length).add(states[0].length);
    return tensor;
  }

  @Override
  protected String plainAnswer(Pass pass, boolean stream) {
    return stream
        ? VllmScript.stream(pass, null) + "data: [DONE]\n\n"
        : VllmScript.whole(pass, null).toString();
  }

  @Override
  protected void assertNothingLeft(boolean clientAsked) {
    // Nothing is kept outside the answer.
  }
}
