import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.joda.time.DateTime;
import org.joda.time.DateTimeZone;
import org.joda.time.format.DateTimeFormat;

/**
 * What functions make of instants in time zones. The first line holds a pattern that shows the zone, the second the calls, in which `t` is
 * the instant in the zone; each further line is a zone, an instant, what the pattern makes of it, and the instants that the
 * calls result in.
 */
final class Zones {
    private static final String PATTERN = "yyyy-MM-dd HH:mm:ss.SSS z zzzz Z ZZ ZZZ";

    private static final List<String> ZONES = List.of(
        "UTC", "America/Los_Angeles", "America/New_York", "America/Sao_Paulo", "America/St_Johns", "Europe/Paris", "Europe/London",
        "Europe/Moscow", "Asia/Tokyo", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Sydney", "Australia/Lord_Howe", "+05:30", "-03:00");

    /** Hours around the changes to and from summer time in 2018, in seconds since 1970. */
    private static final long[] CHANGES = {1520762400, 1541322000, 1521939600, 1540688400, 1522512000, 1538841600};

    static List<String> lines() {
        Map<String, Function<DateTime, DateTime>> calls = calls();
        List<String> lines = new ArrayList<>();
        lines.add(Json.array(List.of(PATTERN)));
        lines.add(Json.array(List.copyOf(calls.keySet())));
        for (String zone : ZONES) {
            for (long instant : instants()) {
                DateTime date = new DateTime(instant, DateTimeZone.forID(zone));
                List<Object> items = new ArrayList<>(List.of(zone, instant, text(date)));
                for (Function<DateTime, DateTime> call : calls.values()) items.add(call.apply(date).getMillis());
                lines.add(Json.array(items));
            }
        }
        return lines;
    }

    private static List<Long> instants() {
        List<Long> instants = new ArrayList<>();
        for (long change : CHANGES) {
            for (int halfHours = -2; halfHours <= 2; halfHours++) instants.add((change + halfHours * 1800) * 1000);
        }
        // What governments will do to their clocks is not settled; years that have passed are.
        Instants.recent(25).stream().filter(instant -> instant < CHANGES[0] * 1000).forEach(instants::add);
        return instants;
    }

    private static Map<String, Function<DateTime, DateTime>> calls() {
        Map<String, Function<DateTime, DateTime>> calls = new LinkedHashMap<>();
        calls.put("plusHours(t, 1)", date -> date.plusHours(1));
        calls.put("plusDays(t, 1)", date -> date.plusDays(1));
        calls.put("minusDays(t, 1)", date -> date.minusDays(1));
        calls.put("plusWeeks(t, 1)", date -> date.plusWeeks(1));
        calls.put("plusMonths(t, 6)", date -> date.plusMonths(6));
        calls.put("minusYears(t, 1)", date -> date.minusYears(1));
        calls.put("midnight(t)", DateTime::withTimeAtStartOfDay);
        return calls;
    }

    private static String text(DateTime date) {
        return DateTimeFormat.forPattern(PATTERN).withLocale(Locale.ENGLISH).print(date);
    }
}
