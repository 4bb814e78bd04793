// The first declarations of Estimators come here.
