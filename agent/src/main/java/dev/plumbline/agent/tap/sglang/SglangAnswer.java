package dev.plumbline.agent.tap.sglang;

import dev.plumbline.agent.tap.cut.Collector;
import dev.plumbline.agent.tap.cut.RawValue;
import dev.plumbline.agent.tap.cut.Rule;
import dev.plumbline.agent.tap.cut.ValueSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What SGLang's answer says about hidden states. Native: {@code meta_info.hidden_states} holds the
 * prompt's matrix, then one vector per decode step, and a stream sends all of it again with every
 * event. OpenAI routes: {@code choices[i].hidden_states}, in a stream {@code
 * choices[i].delta.hidden_states}, is the last token's vector. One exchange, one thread at a time.
 */
final class SglangAnswer implements Collector {
  private static final int SMALL = 64;

  private record Seen(Rule rule, int position, RawValue number, RowTexts rows) {}

  private final List<Rule> rules = new ArrayList<>();
  private final boolean generate;
  private final long mostBytes;
  private final List<Seen> seen = new ArrayList<>();
  private final Map<Integer, RowTexts> rows = new TreeMap<>();
  private final Map<Integer, Integer> completionTokens = new TreeMap<>();

  SglangAnswer(boolean generate, boolean cut, long mostBytes) {
    this.generate = generate;
    this.mostBytes = mostBytes;
    for (String path : states(generate)) {
      rules.add(cut ? Rule.cut(path) : Rule.read(path));
    }
    rules.add(Rule.read("meta_info.completion_tokens"));
    rules.add(Rule.read("*.meta_info.completion_tokens"));
    rules.add(Rule.read("choices.*.index"));
    rules.add(Rule.read("usage.completion_tokens"));
  }

  private static List<String> states(boolean generate) {
    return generate
        ? List.of("meta_info.hidden_states", "*.meta_info.hidden_states")
        : List.of("choices.*.hidden_states", "choices.*.delta.hidden_states");
  }

  List<Rule> rules() {
    return rules;
  }

  @Override
  public ValueSink open(Rule rule, int position) {
    if (!rule.key().equals("hidden_states")) {
      RawValue number = new RawValue(SMALL);
      seen.add(new Seen(rule, position, number, null));
      return number;
    }
    if (generate) {
      return rows.computeIfAbsent(Math.max(0, position), i -> new RowTexts(mostBytes)).begin();
    }
    RowTexts texts = new RowTexts(mostBytes);
    seen.add(new Seen(rule, position, null, texts));
    return texts;
  }

  @Override
  public void endDocument(boolean whole) {
    if (whole) {
      seen.forEach(this::take);
      rows.values().forEach(RowTexts::commit);
    }
    seen.clear();
  }

  private void take(Seen each) {
    if (each.rows != null && each.rows.any()) {
      rows.put(index(each.position), each.rows);
    } else if (each.rule.key().equals("completion_tokens")) {
      completionTokens.put(Math.max(0, each.position), each.number.number());
    }
  }

  private int index(int position) {
    return seen.stream()
        .filter(s -> s.rule.key().equals("index") && s.position == position)
        .mapToInt(s -> s.number.number())
        .findFirst()
        .orElse(position);
  }

  /** Vectors by choice index. */
  Map<Integer, RowTexts> rows() {
    return rows;
  }

  /** Sampled tokens: of a choice on the native route, of the whole answer on OpenAI's; or −1. */
  int completionTokens(int choice) {
    return completionTokens.getOrDefault(choice, -1);
  }
}
