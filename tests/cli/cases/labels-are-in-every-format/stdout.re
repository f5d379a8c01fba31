1a2b3c rack7
\{'node': 'rack7'\}
2
\{'topic'\}
