package dev.plumbline.agent.tap.vllm;

import dev.plumbline.agent.tap.cut.Collector;
import dev.plumbline.agent.tap.cut.RawValue;
import dev.plumbline.agent.tap.cut.Rule;
import dev.plumbline.agent.tap.cut.ValueSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What vLLM's answer says about its tokens, and the one member that leads to the states. Token ids
 * come by {@code return_token_ids}: {@code prompt_token_ids} once, {@code token_ids} per choice, in
 * a stream piece by piece. One exchange, one thread at a time.
 */
final class VllmAnswer implements Collector {
  private static final int SMALL = 1 << 16;
  private static final int IDS_BYTES = 16 << 20;

  private record Seen(Rule rule, int position, RawValue value) {}

  private final List<Rule> rules = new ArrayList<>();
  private final String member;
  private final int memberBytes;
  private final List<Seen> seen = new ArrayList<>();
  private final Map<Integer, TokenIds> answers = new TreeMap<>();
  private TokenIds prompt = new TokenIds();
  private int promptTokens = -1;
  private int completionTokens = -1;
  private RawValue found;

  /**
   * @param member top-level, leads to the states
   * @param cutMember whether it is kept from the client
   * @param cutIds whether token ids are kept from the client
   * @param memberBytes the longest such member
   */
  VllmAnswer(String member, boolean cutMember, boolean cutIds, int memberBytes) {
    this.member = member;
    this.memberBytes = memberBytes;
    rules.add(new Rule(List.of(member), cutMember));
    for (String ids :
        List.of("prompt_token_ids", "choices.*.prompt_token_ids", "choices.*.token_ids")) {
      rules.add(cutIds ? Rule.cut(ids) : Rule.read(ids));
    }
    rules.add(Rule.read("choices.*.index"));
    rules.add(Rule.read("usage.prompt_tokens"));
    rules.add(Rule.read("usage.completion_tokens"));
  }

  List<Rule> rules() {
    return rules;
  }

  @Override
  public ValueSink open(Rule rule, int position) {
    boolean ids = rule.key().endsWith("token_ids");
    int bound = rule.key().equals(member) ? memberBytes : ids ? IDS_BYTES : SMALL;
    RawValue value = new RawValue(bound);
    seen.add(new Seen(rule, position, value));
    return value;
  }

  @Override
  public void endDocument(boolean whole) {
    if (whole) {
      seen.forEach(this::take);
    }
    seen.clear();
  }

  private void take(Seen each) {
    switch (each.rule.key()) {
      case "prompt_tokens" -> promptTokens = Math.max(promptTokens, each.value.number());
      case "completion_tokens" ->
          completionTokens = Math.max(completionTokens, each.value.number());
      case "prompt_token_ids" -> promptIds(each.value);
      case "token_ids" -> answer(each.position).addJson(each.value.json());
      case "index" -> answers.putIfAbsent(each.value.number(), new TokenIds());
      default -> found = each.value;
    }
  }

  private void promptIds(RawValue value) {
    if (prompt.size() == 0) {
      prompt.addJson(value.json());
    }
  }

  /** The ids of the choice that stands at a place of this document's array. */
  private TokenIds answer(int position) {
    int index =
        seen.stream()
            .filter(s -> s.rule.key().equals("index") && s.position == position)
            .mapToInt(s -> s.value.number())
            .findFirst()
            .orElse(position);
    return answers.computeIfAbsent(index, i -> new TokenIds());
  }

  /** The member, if it came. */
  Optional<RawValue> member() {
    return Optional.ofNullable(found);
  }

  /** Prompt tokens; −1 if the answer did not say. */
  int promptTokens() {
    return prompt.size() > 0 ? prompt.size() : promptTokens;
  }

  /** Sampled tokens of all choices; −1 if the answer did not say. */
  int completionTokens() {
    int ids = answers.values().stream().mapToInt(TokenIds::size).sum();
    return ids > 0 ? ids : completionTokens;
  }

  /** Whether ids of a forward pass are those of the prompt; true where the answer did not say. */
  boolean promptIs(long[] ids) {
    int size = prompt.size();
    return size == 0 || (ids.length >= size && prompt.begins(ids, 0, size));
  }

  /** The sampled ids by choice index; empty ones where the answer did not say. */
  Map<Integer, TokenIds> answers() {
    return answers;
  }
}
