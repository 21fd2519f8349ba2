import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.joda.time.DateTime;
import org.joda.time.DateTimeZone;

/**
 * What functions make of instants. The first line holds the calls, in which `t` is the instant; each further line is an instant and the
 * result of each call: an instant or a number.
 */
final class Arithmetic {
    private static final int[] COUNTS = {1, 13, 31, 1000, -2};

    static List<String> lines() {
        Map<String, Function<DateTime, Long>> calls = new LinkedHashMap<>();
        calls.putAll(reads());
        calls.putAll(moves());
        calls.putAll(shifts());
        List<String> lines = new ArrayList<>();
        lines.add(Json.array(List.copyOf(calls.keySet())));
        Stream.concat(Instants.all().stream(), Instants.recent(40).stream()).forEach(instant -> {
            List<Long> items = new ArrayList<>();
            items.add(instant);
            DateTime date = new DateTime(instant, DateTimeZone.UTC);
            for (Function<DateTime, Long> call : calls.values()) items.add(call.apply(date));
            lines.add(Json.array(items));
        });
        return lines;
    }

    private static Map<String, Function<DateTime, Long>> reads() {
        Map<String, Function<DateTime, Long>> calls = new LinkedHashMap<>();
        calls.put("minute(t)", date -> (long) date.getMinuteOfHour());
        calls.put("hour(t)", date -> (long) date.getHourOfDay());
        calls.put("day(t)", date -> (long) date.getDayOfMonth());
        calls.put("dayOfYear(t)", date -> (long) date.getDayOfYear());
        calls.put("month(t)", date -> (long) date.getMonthOfYear());
        calls.put("year(t)", date -> (long) date.getYear());
        return calls;
    }

    private static Map<String, Function<DateTime, Long>> moves() {
        Map<String, Function<DateTime, Long>> calls = new LinkedHashMap<>();
        calls.put("firstOfMonth(t)", date -> date.withDayOfMonth(1).getMillis());
        calls.put("midnight(t)", date -> date.withTimeAtStartOfDay().getMillis());
        calls.put("sunday(t)", date -> date.minusDays(date.getDayOfWeek() % 7).getMillis());
        calls.put("yesterday(t)", date -> date.minusDays(1).getMillis());
        return calls;
    }

    private static Map<String, Function<DateTime, Long>> shifts() {
        Map<String, BiFunction<DateTime, Integer, DateTime>> functions = new LinkedHashMap<>();
        functions.put("plusMinutes", DateTime::plusMinutes);
        functions.put("plusHours", DateTime::plusHours);
        functions.put("plusDays", DateTime::plusDays);
        functions.put("plusWeeks", DateTime::plusWeeks);
        functions.put("plusMonths", DateTime::plusMonths);
        functions.put("plusYears", DateTime::plusYears);
        functions.put("minusMinutes", DateTime::minusMinutes);
        functions.put("minusHours", DateTime::minusHours);
        functions.put("minusDays", DateTime::minusDays);
        functions.put("minusWeeks", DateTime::minusWeeks);
        functions.put("minusMonths", DateTime::minusMonths);
        functions.put("minusYears", DateTime::minusYears);
        Map<String, Function<DateTime, Long>> calls = new LinkedHashMap<>();
        functions.forEach((name, function) -> {
            for (int count : COUNTS) {
                calls.put(name + "(t, " + count + ")", date -> function.apply(date, count).getMillis());
            }
        });
        return calls;
    }
}
