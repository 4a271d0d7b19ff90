package dev.plumbline.agent.config;

import dev.plumbline.core.Check;
import dev.plumbline.mitigations.trigger.Rule;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a configured text becomes a value, and what to say when it does not. */
enum ValueType {
  TEXT("a non-empty text", ValueType::text),
  PORT("a port from 0 (any free one) to 65535", text -> integer(text, 0, 65_535)),
  COUNT("an integer of at least 1", text -> integer(text, 1, Integer.MAX_VALUE)),
  WINDOW("whole or a number of tokens from 1 to 100000", ValueType::window),
  RETRIES("an integer from 0 to 10", text -> integer(text, 0, 10)),
  THREADS("an integer of at least 0 (0: one per core)", text -> integer(text, 0, 4096)),
  SHARE("a number from 0 to 1", ValueType::share),
  FLAG("true or false", ValueType::flag),
  DURATION("a duration above zero such as 500ms, 2s or 5m", ValueType::duration),
  DELAY("a duration such as 0ms, 5ms or 1s", ValueType::delay),
  DEVICE("one of auto, cpu, gpu, gpu:N", ValueType::device),
  MODE("one of " + Mode.words(), text -> Mode.find(text).orElseThrow()),
  FAIL("one of " + Fail.words(), text -> Fail.find(text).orElseThrow()),
  URL(
      "an http:// or https:// URL with a host, no link-local or metadata address, without user,"
          + " query or fragment",
      ValueType::url),
  TOKEN(
      "a file, not readable by others, with a token of 32 to 512 printable characters",
      ValueType::token),
  TOKEN_IDS("auto, on or off", ValueType::tokenIds),
  METRICS_ACCESS("open or read", ValueType::metricsAccess),
  REDACT("off, or of " + Redaction.words(), Redaction::parse),
  SERVER_NAME("a DNS name such as llm.example.org", ValueType::serverName),
  REGEX("a regular expression", Pattern::compile),
  PATH("a path that exists", ValueType::path),
  PATHS("paths that exist, such as a.pub.pem,b.pub.pem", ValueType::paths),
  NAME("a name of letters, digits, '.', '_' and '-', at most 64", ValueType::name),
  HOSTS("HOST:PORT, or several such as a:5701,b:5701", ValueType::hosts),
  OUTPUT("a file in a folder that exists", ValueType::output),
  STATES_SOURCE("one of " + StatesSource.words(), text -> StatesSource.find(text).orElseThrow()),
  ABLATION("one of " + Ablation.Kind.words(), Ablation.Kind::parse),
  NAMED_ABLATION(NamedAblation.wanted(), NamedAblation::parse),
  STRENGTH("a number above 0, at most 2", ValueType::strength),
  NUMBER("a finite number other than 0", ValueType::number),
  INDEX("an integer of at least 0", text -> integer(text, 0, Integer.MAX_VALUE - 1)),
  LIMIT("a percentile such as p75, or standard deviations such as 1.5", Ablation.Limit::parse),
  NAMES("names such as a,b", ValueType::names),
  KERNEL("four numbers MOST,POSITION,LEAST,DISTANCE such as 1,14,0.2,8", ValueType::kernel),
  LAYERS("layer numbers such as 12 or 3,12,25", ValueType::layers),
  MODELS("model names such as a,org/b-*, a star at the end only", ValueType::models),
  URL_PATH("a path such as /health", ValueType::urlPath),
  AMOUNT("a number of at least 0", ValueType::amount),
  ABLATED_VIA("one of " + AblatedVia.words(), text -> AblatedVia.find(text).orElseThrow()),
  ADAPTER_HOST("one of " + AdapterHost.words(), text -> AdapterHost.find(text).orElseThrow()),
  VERIFY_BY("one of " + VerifyBy.words(), text -> VerifyBy.find(text).orElseThrow()),
  RULE("if NAME above|below A and misalignment above T then MODE", ValueType::rule),
  DTYPE("one of auto, float32, bfloat16, float16", ValueType::dtype);

  private static final Pattern DURATION_FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Pattern SERVER_NAMES =
      Pattern.compile(
          "(?!(.*\\.)?\\d+$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
              + "(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");
  private static final Set<String> DTYPES = Set.of("auto", "float32", "bfloat16", "float16");

  private final String wanted;
  private final Function<String, Object> parse;

  ValueType(String wanted, Function<String, Object> parse) {
    this.wanted = wanted;
    this.parse = parse;
  }

  /** The same, of a text that could not be parsed: a rule and a token file say what is wrong. */
  String wanted(RuntimeException failure) {
    boolean says = this == RULE || this == TOKEN;
    return says && failure.getMessage() != null ? failure.getMessage() : wanted;
  }

  /** What a person should write. */
  String wanted() {
    return wanted;
  }

  /**
   * The value.
   *
   * @throws RuntimeException when the text is none
   */
  Object parse(String text) {
    return parse.apply(text.trim());
  }

  private static String text(String text) {
    require(!text.isBlank());
    return text;
  }

  private static Double share(String text) {
    double value = Double.parseDouble(text);
    require(value >= 0 && value <= 1);
    return value;
  }

  private static Double strength(String text) {
    double value = Double.parseDouble(text);
    require(value > 0 && value <= 2);
    return value;
  }

  private static Double number(String text) {
    double value = Double.parseDouble(text);
    require(Double.isFinite(value) && value != 0);
    return value;
  }

  private static List<String> names(String text) {
    List<String> names = Arrays.stream(text.split(",", -1)).map(String::trim).toList();
    require(names.stream().distinct().count() == names.size());
    names.forEach(name -> require(!name.isEmpty()));
    return names;
  }

  /** As the kernel itself defends. */
  private static List<Double> kernel(String text) {
    List<Double> numbers =
        Arrays.stream(text.split(",", -1)).map(n -> Double.valueOf(n.trim())).toList();
    require(numbers.size() == 4 && numbers.stream().allMatch(Double::isFinite));
    require(numbers.get(0) > 0 && numbers.get(0) <= 2 && numbers.get(3) > 0);
    require(numbers.get(2) >= 0 && numbers.get(2) <= numbers.get(0));
    return numbers;
  }

  private static Double amount(String text) {
    double value = Double.parseDouble(text);
    require(value >= 0 && Double.isFinite(value));
    return value;
  }

  private static Integer integer(String text, int low, int high) {
    int value = Integer.parseInt(text);
    require(value >= low && value <= high);
    return value;
  }

  private static OptionalInt window(String text) {
    return text.equals("whole") ? OptionalInt.empty() : OptionalInt.of(integer(text, 1, 100_000));
  }

  private static Boolean flag(String text) {
    require(text.equals("true") || text.equals("false"));
    return Boolean.valueOf(text);
  }

  private static Duration duration(String text) {
    Duration value = delay(text);
    require(!value.isZero());
    return value;
  }

  private static Duration delay(String text) {
    Matcher form = DURATION_FORM.matcher(text);
    require(form.matches());
    long amount = Long.parseLong(form.group(1));
    return switch (form.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  private static URI url(String text) {
    URI uri = URI.create(text);
    require("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    require(uri.getHost() != null && uri.getUserInfo() == null);
    require(uri.getQuery() == null && uri.getFragment() == null);
    require(SafeHost.allowed(uri.getHost()));
    return uri;
  }

  private static Path token(String text) {
    Path file = path(text);
    TokenFile.read(file);
    return file;
  }

  private static String tokenIds(String text) {
    require(text.matches("auto|on|off"));
    return text;
  }

  private static String metricsAccess(String text) {
    require(text.equals("open") || text.equals("read"));
    return text;
  }

  private static Path path(String text) {
    Path path = Path.of(text(text)).toAbsolutePath();
    require(path.toFile().exists());
    return path;
  }

  private static List<Path> paths(String text) {
    return names(text).stream().map(ValueType::path).toList();
  }

  private static String name(String text) {
    require(text.matches("[A-Za-z0-9._-]{1,64}"));
    return text;
  }

  /** As a certificate and SNI have it (RFC 6066 3): no address, no port. */
  private static String serverName(String text) {
    require(text.length() <= 253 && SERVER_NAMES.matcher(text).matches());
    return text;
  }

  private static List<String> hosts(String text) {
    List<String> hosts = names(text);
    for (String host : hosts) {
      int colon = host.lastIndexOf(':');
      require(colon > 0 && host.length() <= 300);
      integer(host.substring(colon + 1), 1, 65_535);
    }
    return hosts;
  }

  private static Path output(String text) {
    Path path = Path.of(text(text)).toAbsolutePath();
    require(path.getParent() != null && path.getParent().toFile().isDirectory());
    require(!path.toFile().isDirectory());
    return path;
  }

  private static List<Integer> layers(String text) {
    return Arrays.stream(text.split(",", -1)).map(n -> integer(n.trim(), 0, 10_000)).toList();
  }

  private static List<String> models(String text) {
    List<String> names = Arrays.stream(text.split(",", -1)).map(String::trim).toList();
    names.forEach(name -> require(!name.isEmpty()));
    names.forEach(name -> require(name.indexOf('*') < 0 || name.indexOf('*') == name.length() - 1));
    return names;
  }

  private static String urlPath(String text) {
    require(text.startsWith("/") && URI.create("http://host" + text).getFragment() == null);
    return text;
  }

  private static String device(String text) {
    require(text.matches("auto|cpu|gpu(:\\d{1,3})?"));
    return text;
  }

  private static Rule rule(String text) {
    Rule rule = Rule.parse(text);
    Check.that(
        Mode.find(rule.then()).isPresent(),
        "rule",
        "one of " + Mode.words() + " after then",
        "'" + rule.then() + "'",
        "name a mode");
    return rule;
  }

  private static String dtype(String text) {
    require(DTYPES.contains(text));
    return text;
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException();
    }
  }
}
