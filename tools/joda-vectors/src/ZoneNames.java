import java.text.DateFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.joda.time.DateTimeZone;

/** The English names of time zones that Joda-Time takes from Java, as a module of TypeScript. */
final class ZoneNames {
    static List<String> lines() {
        Map<List<String>, TreeSet<String>> zonesByNames = new TreeMap<>((left, right) -> left.toString().compareTo(right.toString()));
        for (String[] row : new DateFormatSymbols(Locale.ENGLISH).getZoneStrings()) {
            if (!DateTimeZone.getAvailableIDs().contains(row[0])) continue;
            zonesByNames.computeIfAbsent(List.of(row[2], row[1], row[4], row[3]), names -> new TreeSet<>()).add(row[0]);
        }
        List<String> lines = new ArrayList<>();
        lines.add("// Written by tools/joda-vectors/generate.sh.");
        lines.add("");
        lines.add("/**");
        lines.add(" * The English names of time zones: short and long name of standard time, the same of summer time, and the zones that have them.");
        lines.add(" *");
        lines.add(" * @source Joda-Time: DateTimeFormat, which takes them from Java");
        lines.add(" */");
        lines.add("export const zoneNames: readonly string[] = [");
        zonesByNames.forEach((names, zones) -> {
            String row = String.join("|", names) + "|" + String.join(" ", zones);
            String quote = row.contains("'") ? "\"" : "'";
            lines.add("  " + quote + row + quote + ",");
        });
        lines.add("]");
        return lines;
    }
}
