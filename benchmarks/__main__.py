"""``python -m benchmarks`` runs the benchmark of many returns."""

from benchmarks.run import main

main()
