package dev.plumbline.agent.tap.vllm;

import dev.plumbline.agent.tap.states.OriginRequest;
import dev.plumbline.agent.tap.states.StatesRequest;
import java.util.Map;
import java.util.Optional;

/**
 * A request to one of vLLM's OpenAI routes, made to say in its answer which tokens it is about.
 *
 * @param chat chat rather than raw completions
 * @param id of the exchange
 * @param json the body, {@code return_token_ids} set
 * @param cutIds whether the client did not ask for token ids
 * @param choices in the answer
 */
record VllmRequest(boolean chat, String id, StatesRequest json, boolean cutIds, int choices) {
  private static final String IDS = "return_token_ids";

  static Optional<VllmRequest> of(OriginRequest request) {
    boolean chat = request.to("/v1/chat/completions");
    if (!chat && !request.to("/v1/completions")) {
      return Optional.empty();
    }
    return StatesRequest.of(request.body()).map(json -> withIds(chat, request.exchangeId(), json));
  }

  private static VllmRequest withIds(boolean chat, String id, StatesRequest json) {
    boolean asked = json.asked(IDS);
    json.root().put(IDS, true);
    return new VllmRequest(chat, id, json, !asked, json.choices());
  }

  /** Files are found, and answers can be cut, only with these. */
  Map<String, String> headers() {
    return Map.of("x-request-id", id, "accept-encoding", "identity");
  }
}
