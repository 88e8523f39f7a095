# pip install scikit-learn
from time import perf_counter

from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier

if __name__ == "__main__":
    x, y = make_classification(10_000, 50, n_informative=20, n_classes=10)
    for jobs in 1, 4:
        begin = perf_counter()
        RandomForestClassifier(n_estimators=32, n_jobs=jobs).fit(x, y)
        print(f"{jobs} jobs: {perf_counter() - begin:.2f} s")
